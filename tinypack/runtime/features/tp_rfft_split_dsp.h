/* From the transform of pairs to that of real values in the DSP extension's instructions. */
#ifndef TP_RFFT_SPLIT_DSP_H
#define TP_RFFT_SPLIT_DSP_H

#include "tp_common.h"
#include "tp_functions.h"

#ifdef TP_DSP

/* Bins k and n - k, 0 < k, from the transforms of the even and of the odd values, which stand folded into z[k] and
   z[n - k]; w: twiddle before the first. 33 instructions for the two. */
static TP_ASSEMBLY void tp_rfft_split(const int32_t *w TP_UNUSED, int32_t *low TP_UNUSED, int32_t *high TP_UNUSED,
                                      int32_t up TP_UNUSED) {
  __asm__(
      "push {r4-r11, lr}\n"
      "mov r12, r3\n"
      "1:\n"
      "ldrd r4, r5, [r1]\n"
      "ldrd r6, r7, [r2]\n"
      "lsl r4, r4, r12\n"
      "lsl r5, r5, r12\n"
      "lsl r6, r6, r12\n"
      "lsl r7, r7, r12\n"
      "add r3, r5, r7\n"
      "sub r5, r5, r7\n"
      "sub r8, r6, r4\n"
      "add r4, r4, r6\n"
      "ldrd r6, r7, [r0, #8]!\n"
      /* odd values: r3, r8; even ones over 2^30: r4, r5; the odd ones turned: r10 and r9, r8 and r6 */
      "smull r9, r10, r3, r6\n"
      "smlal r9, r10, r8, r7\n"
      "rsb r3, r3, #0\n"
      "smull r6, r8, r8, r6\n"
      "smlal r6, r8, r3, r7\n"
      "adds r11, r9, r4, lsl #30\n"
      "adc r3, r10, r4, asr #2\n"
      "add r3, r3, r11, lsr #31\n"
      "rsbs r9, r9, r4, lsl #30\n"
      "asr r4, r4, #2\n"
      "sbc r4, r4, r10\n"
      "add r4, r4, r9, lsr #31\n"
      "adds r11, r6, r5, lsl #30\n"
      "adc r7, r8, r5, asr #2\n"
      "add r7, r7, r11, lsr #31\n"
      "subs r6, r6, r5, lsl #30\n"
      "sbc r5, r8, r5, asr #2\n"
      "add r5, r5, r6, lsr #31\n"
      "strd r3, r7, [r1], #8\n"
      "strd r4, r5, [r2], #-8\n"
      "cmp r1, r2\n"
      "bls 1b\n"
      "pop {r4-r11, pc}\n");
}

#endif
#endif
