/* Sleep by SysTick: WFI wakes from its interrupt, which the mask keeps from being taken. */
#include "machine.h"

#define REGISTER(address) (*(volatile uint32_t *)(uintptr_t)(address))
#define SYST_CSR REGISTER(0xE000E010u)
#define SYST_RVR REGISTER(0xE000E014u)
#define SYST_CVR REGISTER(0xE000E018u)
#define ICSR REGISTER(0xE000ED04u)

enum { ENABLE = 1u, INTERRUPT = 2u, CORE_CLOCK = 4u, ENDED = 1u << 16, CLEAR_PENDING = 1u << 25 };

static void sleep_cycles(uint32_t cycles) {
  SYST_RVR = cycles;
  SYST_CVR = 0;
  SYST_CSR = CORE_CLOCK | INTERRUPT | ENABLE;
  while ((SYST_CSR & ENDED) == 0) {
    __asm__ volatile("wfi" ::: "memory");
  }
  SYST_CSR = 0;
  ICSR = CLEAR_PENDING;
}

void machine_sleep(uint32_t micros) {
  const uint32_t most = 0xFFFFFFu; /* SysTick has 24 bits */
  uint64_t cycles = (uint64_t)micros * F_CPU / 1000000u;
  __asm__ volatile("cpsid i" ::: "memory");
  while (cycles > 0) {
    const uint32_t part = cycles < most ? (uint32_t)cycles : most;
    sleep_cycles(part);
    cycles -= part;
  }
}
