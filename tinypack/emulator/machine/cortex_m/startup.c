/* Reset, crash report and memory protection of an Armv6-M, v7-M or v8-M core. */
#include "bare/bare.h"

#define REGISTER(address) (*(volatile uint32_t *)(uintptr_t)(address))
#define CFSR REGISTER(0xE000ED28u)
#define CPACR REGISTER(0xE000ED88u)
#define MPU_CTRL REGISTER(0xE000ED94u)
#define MPU_RNR REGISTER(0xE000ED98u)
#define MPU_RBAR REGISTER(0xE000ED9Cu)
#define MPU_RASR REGISTER(0xE000EDA0u) /* v7-M */
#define MPU_RLAR REGISTER(0xE000EDA0u) /* v8-M */
#define MPU_MAIR0 REGISTER(0xE000EDC0u)

extern const char machine_flash_origin[], machine_flash_bytes[]; /* numbers: their addresses are the values */

#define FLASH_ORIGIN ((uint32_t)(uintptr_t)machine_flash_origin)
#define FLASH_BYTES ((uint32_t)(uintptr_t)machine_flash_bytes)
#define NULL_BYTES 256u

static inline void barrier(void) {
  __asm__ volatile("dsb\n isb" ::: "memory");
}

/* Make flash read-only, as on a chip, and the first bytes, where null pointers lead, unreadable: the core itself
   fetches vectors past the MPU. Flash bytes: a power of two. Armv6-M boards here have no MPU; of Armv8-M, only flash
   at 0 is provided for. */
void machine_protect(void) {
#if __ARM_ARCH == 7
  enum { VALID = 1u << 4, ENABLE = 1u, READ_ONLY = 6u << 24, NORMAL_MEMORY = 1u << 17, NO_EXECUTE = 1u << 28 };
  const uint32_t size = 30u - (uint32_t)__builtin_clz(FLASH_BYTES);
  MPU_RBAR = FLASH_ORIGIN | VALID | 0u;
  MPU_RASR = READ_ONLY | NORMAL_MEMORY | size << 1 | ENABLE;
  MPU_RBAR = VALID | 1u;
  MPU_RASR = NO_EXECUTE | NORMAL_MEMORY | 7u << 1 | ENABLE; /* 2^(7+1) bytes, no access */
  MPU_CTRL = 5u; /* on; elsewhere the default map */
  barrier();
#elif __ARM_ARCH >= 8
  enum { ENABLE = 1u, READ_ONLY = 3u << 1 };
  const uint32_t ends[] = {FLASH_ORIGIN + FLASH_BYTES, FLASH_ORIGIN + NULL_BYTES};
  MPU_MAIR0 = 0x44u; /* attribute 0: normal memory */
  for (uint32_t i = 0; i < 2; i++) { /* where two regions overlap, every access is a fault */
    MPU_RNR = i;
    MPU_RBAR = FLASH_ORIGIN | READ_ONLY;
    MPU_RLAR = ((ends[i] - 1u) & ~31u) | ENABLE;
  }
  MPU_CTRL = 5u; /* on; elsewhere the default map */
  barrier();
#endif
}

NORETURN void machine_reset(void) {
#ifdef __ARM_FP
  CPACR |= 0xFu << 20;
  barrier();
#endif
  machine_run();
}

/* frame: where the core saved r0-r3, r12, lr, pc, xpsr. After a stack overflow it lies outside the RAM. */
NORETURN __attribute__((used)) static void report_crash(const uint32_t *frame) {
  if ((uintptr_t)frame < (uintptr_t)machine_stack_limit) {
    const machine_fact_t facts[] = {{" sp=0x", (uint32_t)(uintptr_t)frame}, {" cfsr=0x", CFSR}};
    machine_crash(" stack overflow", facts, 2);
  }
  const machine_fact_t facts[] = {{" pc=0x", frame[6]}, {" lr=0x", frame[5]}, {" cfsr=0x", CFSR}};
  machine_crash("", facts, 3);
}

/* Go on below the frame, or on a fresh stack where less than 256 bytes are left of the old one. */
__attribute__((naked)) static void crash(void) {
  __asm__ volatile(
      "mrs r0, msp\n"
      "ldr r1, =machine_stack_limit + 256\n"
      "cmp r0, r1\n"
      "bhs 1f\n"
      "ldr r1, =machine_stack_top\n"
      "mov sp, r1\n"
      "1: b report_crash\n");
}

typedef void (*vector_t)(void);

/* Every exception is a crash: nothing here uses interrupts. */
__attribute__((section(".vectors"), used)) static const vector_t vectors[16] = {
    (vector_t)machine_stack_top, (vector_t)machine_reset, crash, crash, crash, crash, crash, 0, 0, 0, 0, crash, crash, 0,
    crash, crash};
