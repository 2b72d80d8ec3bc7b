/* Reset, crash report and memory protection of an Armv6-M, v7-M or v8-M core. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "machine.h"

#define REGISTER(address) (*(volatile uint32_t *)(uintptr_t)(address))
#define CFSR REGISTER(0xE000ED28u)
#define CPACR REGISTER(0xE000ED88u)
#define MPU_CTRL REGISTER(0xE000ED94u)
#define MPU_RBAR REGISTER(0xE000ED9Cu)
#define MPU_RASR REGISTER(0xE000EDA0u)

extern char machine_stack_limit[], machine_stack_top[], machine_data_start[], machine_data_end[], machine_data_load[];
extern char machine_bss_start[], machine_bss_end[];
extern const char machine_flash_origin[], machine_flash_bytes[]; /* numbers: their addresses are the values */

extern int main(int argc, char **argv);
extern void __libc_init_array(void);
extern void _exit(int code);

void *__dso_handle;

void _init(void) {
}

void _fini(void) {
}

/* Make flash read-only, as on a chip, and the vectors, where null pointers lead, unreadable: the core itself
   fetches vectors past the MPU. Only Armv7-M's registers; flash bytes: a power of two. */
static void protect_flash(void) {
#if __ARM_ARCH == 7
  enum { VALID = 1u << 4, ENABLE = 1u, READ_ONLY = 6u << 24, NORMAL_MEMORY = 1u << 17, NO_EXECUTE = 1u << 28 };
  const uint32_t origin = (uint32_t)(uintptr_t)machine_flash_origin;
  const uint32_t size = 30u - (uint32_t)__builtin_clz((uint32_t)(uintptr_t)machine_flash_bytes);
  MPU_RBAR = origin | VALID | 0u;
  MPU_RASR = READ_ONLY | NORMAL_MEMORY | size << 1 | ENABLE;
  MPU_RBAR = origin | VALID | 1u;
  MPU_RASR = NO_EXECUTE | NORMAL_MEMORY | 7u << 1 | ENABLE; /* 2^(7+1) bytes, no access */
  MPU_CTRL = 5u; /* on; elsewhere the default map */
  __asm__ volatile("dsb\n isb" ::: "memory");
#endif
}

__attribute__((noreturn)) void machine_reset(void) {
#ifdef __ARM_FP
  CPACR |= 0xFu << 20;
  __asm__ volatile("dsb\n isb" ::: "memory");
#endif
  memcpy(machine_data_start, machine_data_load, (size_t)(machine_data_end - machine_data_start));
  memset(machine_bss_start, 0, (size_t)(machine_bss_end - machine_bss_start));
  protect_flash();
  machine_start();
  __libc_init_array();
  exit(main(0, NULL));
}

static char *put_hex(char *p, const char *label, uint32_t value) {
  while (*label != '\0') {
    *p++ = *label++;
  }
  for (int shift = 28; shift >= 0; shift -= 4) {
    *p++ = "0123456789abcdef"[value >> shift & 15u];
  }
  return p;
}

/* frame: where the core saved r0-r3, r12, lr, pc, xpsr. After a stack overflow it lies outside the RAM. */
__attribute__((noreturn, used)) static void report_crash(const uint32_t *frame) {
  char line[80];
  char *p = line;
  const int overflowed = (uintptr_t)frame < (uintptr_t)machine_stack_limit;
  if (overflowed) {
    p = put_hex(p, "crash: stack overflow sp=0x", (uint32_t)(uintptr_t)frame);
  } else {
    p = put_hex(p, "crash: pc=0x", frame[6]);
    p = put_hex(p, " lr=0x", frame[5]);
  }
  p = put_hex(p, " cfsr=0x", CFSR);
  *p++ = '\n';
  machine_write(line, (size_t)(p - line));
  _exit(MACHINE_CRASHED);
}

/* Report on a fresh stack: the old one may be what is broken. */
__attribute__((naked)) static void crash(void) {
  __asm__ volatile(
      "mrs r0, msp\n"
      "ldr r1, =machine_stack_top\n"
      "mov sp, r1\n"
      "b report_crash\n");
}

typedef void (*vector_t)(void);

/* Every exception is a crash: nothing here uses interrupts. */
__attribute__((section(".vectors"), used)) static const vector_t vectors[16] = {
    (vector_t)machine_stack_top, (vector_t)machine_reset, crash, crash, crash, crash, crash, 0, 0, 0, 0, crash, crash, 0,
    crash, crash};
