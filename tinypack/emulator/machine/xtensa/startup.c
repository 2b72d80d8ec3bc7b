/* Reset and crash report of an Xtensa core without windowed registers. It has no memory protection. */
#include "bare/bare.h"

void machine_protect(void) {
}

NORETURN __attribute__((used)) static void report_crash(uint32_t sp, uint32_t ra) {
  uint32_t cause, pc, address;
  __asm__ volatile("rsr %0, exccause\n rsr %1, epc1\n rsr %2, excvaddr" : "=r"(cause), "=r"(pc), "=r"(address));
  if (sp < (uint32_t)(uintptr_t)machine_stack_limit) {
    const machine_fact_t facts[] = {{" sp=0x", sp}, {" exccause=0x", cause}};
    machine_crash(" stack overflow", facts, 2);
  }
  const machine_fact_t facts[] = {{" pc=0x", pc}, {" a0=0x", ra}, {" exccause=0x", cause}, {" excvaddr=0x", address}};
  machine_crash("", facts, 4);
}

/* The core starts at the first byte of the flash. Its exceptions, at offsets of their own, are all crashes, reported
   on a fresh stack: the old one may be what is broken. */
__asm__(
    ".section .vectors, \"ax\"\n"
    ".global machine_reset\n"
    "machine_reset:\n"
    "  j start\n"
    ".balign 4\n"
    "stack: .word machine_stack_top\n"
    "table: .word exceptions\n"
    "run: .word machine_run\n"
    "report: .word report_crash\n"
    "start:\n"
    "  l32r a2, table\n"
    "  wsr a2, vecbase\n"
    "  movi a2, 0\n"
    "  wsr a2, ps\n"
    "  rsync\n"
    "  l32r a1, stack\n"
    "  l32r a2, run\n"
    "  jx a2\n"
    "crash:\n"
    "  mov a2, a1\n"
    "  mov a3, a0\n"
    "  l32r a1, stack\n"
    "  l32r a4, report\n"
    "  jx a4\n"
    ".balign 256\n"
    "exceptions:\n"
    ".org exceptions + 0x10\n  j crash\n" /* debug */
    ".org exceptions + 0x20\n  j crash\n" /* non-maskable interrupt */
    ".org exceptions + 0x30\n  j crash\n" /* kernel */
    ".org exceptions + 0x50\n  j crash\n" /* user */
    ".org exceptions + 0x70\n  j crash\n" /* double */
    ".text\n");
