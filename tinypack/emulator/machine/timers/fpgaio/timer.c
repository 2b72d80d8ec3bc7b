/* The counter of an MPS board's FPGA, at a sixteenth of its clock. Source: Arm, "MPS2 FPGA system control and I/O" */
#include "bare/bare.h"

typedef struct {
  uint32_t counter, prescale;
} counter_regs_t;

extern volatile counter_regs_t machine_timer; /* placed by the board's JSON */

uint64_t machine_ticks(void) {
  enum { DIVIDE_BY_16 = 15 };
  static uint64_t ticks;
  if (machine_timer.prescale != DIVIDE_BY_16) {
    machine_timer.prescale = DIVIDE_BY_16;
    machine_timer.counter = 0;
  }
  ticks += (uint32_t)(machine_timer.counter - (uint32_t)ticks);
  return ticks;
}
