/* Filters over bins of 64 bits in the DSP extension's instructions. */
#ifndef TP_FILTER_BANK_DSP_H
#define TP_FILTER_BANK_DSP_H

#include "tp_fixed.h"

#ifdef TP_DSP

typedef struct {
  const uint16_t *weight;
  const uint16_t *start;
  const uint16_t *count;
  const uint32_t *end; /* of the output */
  int32_t shift;
  int32_t up; /* 32 - shift */
} tp_filter_bank_dsp_t;

/* 5 instructions for a bin of a filter, two at a time, and 26 for a filter. Upper halves are weighted where they are 0,
   too: another loop would cost more flash than it saves time. */
static TP_ASSEMBLY void tp_filter_bank_dsp(const tp_filter_bank_dsp_t *bank TP_UNUSED, const uint32_t *input TP_UNUSED,
                                           uint32_t *output TP_UNUSED) {
  __asm__(
      "push {r4-r11, lr}\n"
      "ldrd r4, r5, [r0, #16]\n"
      "ldr r6, [r0, #12]\n"
      "sub sp, sp, #12\n"
      "strd r4, r5, [sp]\n"
      "str r6, [sp, #8]\n"
      "ldrd r3, r12, [r0]\n"
      "ldr lr, [r0, #8]\n"
      "b 5f\n"
      "1:\n"
      "ldrh r0, [r12], #2\n"
      "ldrh r4, [lr], #2\n"
      "add r0, r1, r0, lsl #3\n"
      "mov r8, #0\n" /* sums of the halves: products of 80 bits don't fit one */
      "mov r9, #0\n"
      "mov r10, #0\n"
      "mov r11, #0\n"
      "lsrs r4, r4, #1\n"
      "bcc 2f\n"
      "ldrh r5, [r3], #2\n"
      "ldrd r6, r7, [r0], #8\n"
      "umlal r8, r9, r5, r6\n"
      "umlal r10, r11, r5, r7\n"
      "2:\n" /* flags are still those of the shift */
      "beq 4f\n"
      "3:\n"
      "ldrh r5, [r3], #2\n"
      "ldrd r6, r7, [r0], #8\n"
      "umlal r8, r9, r5, r6\n"
      "umlal r10, r11, r5, r7\n"
      "ldrh r5, [r3], #2\n"
      "ldrd r6, r7, [r0], #8\n"
      "umlal r8, r9, r5, r6\n"
      "umlal r10, r11, r5, r7\n"
      "subs r4, r4, #1\n"
      "bne 3b\n"
      "4:\n" /* (high * 2^32 + low) / 2^shift */
      "ldrd r4, r5, [sp]\n"
      "lsr r8, r8, r4\n"
      "lsl r6, r9, r5\n"
      "orr r8, r8, r6\n"
      "lsr r9, r9, r4\n"
      "lsl r6, r10, r5\n"
      "lsr r10, r10, r4\n"
      "lsl r11, r11, r5\n"
      "orr r10, r10, r11\n"
      "adds r8, r8, r6\n"
      "adc r9, r9, r10\n"
      "strd r8, r9, [r2], #8\n"
      "5:\n"
      "ldr r6, [sp, #8]\n"
      "cmp r2, r6\n"
      "bcc 1b\n"
      "add sp, sp, #12\n"
      "pop {r4-r11, pc}\n");
}

#endif
#endif
