/* Time by the first half of a CMSDK dual timer, which runs freely at a sixteenth of the clock.
   Source: Arm, "Cortex-M System Design Kit", APB dual-input timers */
#include "machine.h"

typedef struct {
  uint32_t load, value, control;
} timer_regs_t;

enum { PRESCALE = 16, BITS_32 = 1 << 1, DIVIDE_BY_16 = 1 << 2, ENABLE = 1 << 7 };

extern volatile timer_regs_t machine_timer; /* placed by the board's JSON */

/* Right if it is called at least once in 2^32 ticks: 45 minutes at 25 MHz. */
uint64_t machine_micros(void) {
  static uint64_t ticks;
  if (machine_timer.control != (ENABLE | BITS_32 | DIVIDE_BY_16)) {
    machine_timer.control = ENABLE | BITS_32 | DIVIDE_BY_16; /* counts down from 2^32 - 1 */
  }
  ticks += (uint32_t)(~machine_timer.value - (uint32_t)ticks);
  return ticks * (PRESCALE * 1000000u) / F_CPU;
}

/* By polling: QEMU advances its clock past the next event at times when the core waits for an interrupt. */
void machine_sleep(uint32_t micros) {
  const uint64_t start = machine_micros();
  while (machine_micros() - start < micros) {
  }
}
