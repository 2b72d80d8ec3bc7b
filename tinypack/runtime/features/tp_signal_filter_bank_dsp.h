/* Slopes of filters in the DSP extension's instructions. */
#ifndef TP_SIGNAL_FILTER_BANK_DSP_H
#define TP_SIGNAL_FILTER_BANK_DSP_H

#include "tp_functions.h"
#include "tp_signal_filter_bank_u64.h"

#ifdef TP_DSP

/* 6 instructions for a bin, two at a time, and 20 for a slope. */
static TP_ASSEMBLY void tp_signal_slopes(const tp_signal_filter_bank_u64_t *p TP_UNUSED,
                                         const uint32_t *input TP_UNUSED, uint64_t *output TP_UNUSED,
                                         const uint64_t *end TP_UNUSED) {
  __asm__(
      "push {r4-r11, lr}\n"
      "ldr r12, [r0, #4]\n"
      "ldr lr, [r0, #8]\n"
      "push {r3, r12}\n"
      "ldr r3, [r0]\n"
      "mov r6, #0\n" /* sum along the slope that rises, then falls: r4, r5 */
      "mov r7, #0\n"
      "1:\n"
      "ldrh r0, [r12], #2\n"
      "ldrh r11, [lr], #2\n"
      "add r0, r1, r0, lsl #2\n"
      "mov r4, r6\n"
      "mov r5, r7\n"
      "mov r6, #0\n"
      "mov r7, #0\n"
      "lsrs r11, r11, #1\n"
      "bcc 2f\n"
      "ldr r8, [r0], #4\n"
      "ldrh r9, [r3], #2\n"
      "ldrh r10, [r3], #2\n"
      "umlal r4, r5, r8, r9\n"
      "umlal r6, r7, r8, r10\n"
      "2:\n" /* flags are still those of the shift */
      "beq 4f\n"
      "3:\n"
      "ldr r8, [r0], #4\n"
      "ldrh r9, [r3], #2\n"
      "ldrh r10, [r3], #2\n"
      "umlal r4, r5, r8, r9\n"
      "umlal r6, r7, r8, r10\n"
      "ldr r8, [r0], #4\n"
      "ldrh r9, [r3], #2\n"
      "ldrh r10, [r3], #2\n"
      "umlal r4, r5, r8, r9\n"
      "umlal r6, r7, r8, r10\n"
      "subs r11, r11, #1\n"
      "bne 3b\n"
      "4:\n"
      "ldrd r8, r9, [sp]\n"
      "sub r10, r12, r9\n"
      "cmp r10, #2\n" /* before the first slope nothing rises */
      "beq 1b\n"
      "strd r4, r5, [r2], #8\n"
      "cmp r2, r8\n"
      "bcc 1b\n"
      "pop {r3, r12}\n"
      "pop {r4-r11, pc}\n");
}

#endif
#endif
