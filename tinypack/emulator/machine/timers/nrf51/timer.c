/* TIMER0 of an nRF51 with all its 32 bits. Source: Nordic, "nRF51 Series Reference Manual", TIMER */
#include "bare/bare.h"

#define REGISTER(offset) (*(volatile uint32_t *)(0x40008000u + (offset)))
#define START REGISTER(0x000)
#define CAPTURE0 REGISTER(0x040)
#define BITMODE REGISTER(0x508)
#define PRESCALER REGISTER(0x510)
#define CC0 REGISTER(0x540)

uint64_t machine_ticks(void) {
  enum { BITS_32 = 3, DIVIDE_BY_16 = 4 };
  static uint64_t ticks;
  if (BITMODE != BITS_32) {
    BITMODE = BITS_32;
    PRESCALER = DIVIDE_BY_16;
    START = 1;
  }
  CAPTURE0 = 1;
  ticks += (uint32_t)(CC0 - (uint32_t)ticks);
  return ticks;
}
