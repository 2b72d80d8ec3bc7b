/* The core's own 24 bits, fed by the reference clock, the slower of two. Source: Arm, "Armv7-M Architecture Reference Manual", B3.3 */
#include "bare/bare.h"

#define SYST_CSR (*(volatile uint32_t *)0xE000E010u)
#define SYST_RVR (*(volatile uint32_t *)0xE000E014u)
#define SYST_CVR (*(volatile uint32_t *)0xE000E018u)

uint64_t machine_ticks(void) {
  enum { ENABLE = 1, MASK = 0xFFFFFF };
  static uint64_t ticks;
  if ((SYST_CSR & ENABLE) == 0) {
    SYST_RVR = MASK;
    SYST_CVR = 0;
    SYST_CSR = ENABLE; /* counts down from 0 */
  }
  ticks += (0u - SYST_CVR - (uint32_t)ticks) & MASK;
  return ticks;
}
