/* Reset, crash report and memory protection of an RV32 core in machine mode, and its time. */
#include "bare/bare.h"

extern const char machine_flash_origin[], machine_flash_bytes[]; /* numbers: their addresses are the values */
extern char machine_tls[];

#define ZICSR ".option arch, +zicsr\n" /* GCC finds no library for an -march that names it */
#define WRITE_CSR(name, value) __asm__ volatile(ZICSR "csrw " name ", %0" ::"r"(value))
#define READ_CSR(name, value) __asm__ volatile(ZICSR "csrr %0, " name : "=r"(value))

/* Make flash read-only, as on a chip: a locked PMP entry binds machine mode too. Flash bytes: a power of two. */
void machine_protect(void) {
  enum { READ = 1, EXECUTE = 4, NAPOT = 3 << 3, LOCKED = 1 << 7 };
  const uint32_t origin = (uint32_t)(uintptr_t)machine_flash_origin, bytes = (uint32_t)(uintptr_t)machine_flash_bytes;
  WRITE_CSR("pmpaddr0", origin >> 2 | (bytes / 8u - 1u));
  WRITE_CSR("pmpcfg0", READ | EXECUTE | NAPOT | LOCKED);
}

NORETURN __attribute__((used)) static void report_crash(uint32_t sp, uint32_t ra) {
  uint32_t cause, pc, value;
  READ_CSR("mcause", cause);
  READ_CSR("mepc", pc);
  READ_CSR("mtval", value);
  if (sp < (uint32_t)(uintptr_t)machine_stack_limit) {
    const machine_fact_t facts[] = {{" sp=0x", sp}, {" mcause=0x", cause}};
    machine_crash(" stack overflow", facts, 2);
  }
  const machine_fact_t facts[] = {{" pc=0x", pc}, {" ra=0x", ra}, {" mcause=0x", cause}, {" mtval=0x", value}};
  machine_crash("", facts, 4);
}

/* Every trap is a crash. Report on a fresh stack: the old one may be what is broken. */
__attribute__((naked, aligned(4), used)) static void crash(void) {
  __asm__ volatile(
      "mv a0, sp\n"
      "mv a1, ra\n"
      "la sp, machine_stack_top\n"
      "j report_crash\n");
}

/* The core starts here: the first bytes of the flash. */
__attribute__((naked, section(".vectors"), used)) void machine_reset(void) {
  __asm__ volatile(ZICSR
      "la sp, machine_stack_top\n"
      "la tp, machine_tls\n"
      "la t0, %0\n"
      "csrw mtvec, t0\n"
      "j machine_run\n" ::"i"(crash));
}
