/* Emulated time. QEMU lets each instruction take 2^machine_icount_shift ns, so a timer in fact counts instructions;
   here each of them takes as long as on the board that is emulated: machine_instruction_ps. */
#include "bare/bare.h"
#include "machine.h"

extern const char machine_instruction_ps[], machine_icount_shift[], machine_timer_hz[]; /* numbers */

uint64_t machine_micros(void) {
  const uint64_t instructions_ps = machine_ticks() * 1000u * (uint32_t)(uintptr_t)machine_instruction_ps;
  return instructions_ps / ((uint64_t)(uintptr_t)machine_timer_hz << (uint32_t)(uintptr_t)machine_icount_shift);
}

/* By polling: QEMU advances its clock past the next event at times when the core waits for an interrupt. */
void machine_sleep(uint32_t micros) {
  const uint64_t start = machine_micros();
  while (machine_micros() - start < micros) {
  }
}
