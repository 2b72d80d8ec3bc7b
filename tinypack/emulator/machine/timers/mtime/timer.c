/* The machine timer of a RISC-V core-local interruptor. Source: RISC-V, "Advanced Core Local Interruptor Specification" */
#include "bare/bare.h"

extern volatile uint32_t machine_timer[2]; /* placed by the board's JSON */

uint64_t machine_ticks(void) {
  uint32_t high, low;
  do {
    high = machine_timer[1];
    low = machine_timer[0];
  } while (high != machine_timer[1]);
  return (uint64_t)high << 32 | low;
}
