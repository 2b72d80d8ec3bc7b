/* The cycle counter of an Xtensa core. Source: Cadence, "Xtensa Instruction Set Architecture", timer interrupt option */
#include "bare/bare.h"

uint64_t machine_ticks(void) {
  static uint64_t ticks;
  uint32_t count;
  __asm__ volatile("rsr %0, ccount" : "=r"(count));
  ticks += (uint32_t)(count - (uint32_t)ticks);
  return ticks;
}
