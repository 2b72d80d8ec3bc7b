/* Linear sums by the DSP extension: 24 instructions for four elements. */
#ifndef TP_ADD_FLAT_DSP_H
#define TP_ADD_FLAT_DSP_H

#include <string.h>

#include "tp_dsp.h"
#include "tp_functions.h"

#if defined(TP_DSP) && !defined(TP_MVE)
#ifdef __cplusplus
extern "C" {
#endif

/* n: a multiple of 4, above 0. Bytes stand in the upper halves of halfwords, the even ones in one word, the odd ones in
   another: a product of 48 bits less its lowest 16 is then one of 40 bits less its lowest 8, and no sign needs to be
   extended. Tensors may lie at any address. r0, r1: factors, r2: offset, r3, r4: inputs, r5: output, r6: elements left,
   r7: mask. Compilers that keep a frame pointer have too few registers for it as a part of C. */
static TP_ASSEMBLY void tp_add_flat_fours(int32_t factor_1 TP_UNUSED, int32_t factor_2 TP_UNUSED,
                                          int32_t offset TP_UNUSED, const int8_t *input_1 TP_UNUSED,
                                          const int8_t *input_2 TP_UNUSED, int8_t *output TP_UNUSED,
                                          int32_t n TP_UNUSED) {
  __asm__(
      "push {r4-r11, lr}\n"
      "ldrd r4, r5, [sp, #36]\n"
      "ldr r6, [sp, #44]\n"
      "mov r7, #0xff00ff00\n"
      "1:\n"
      "ldr r9, [r3], #4\n"
      "ldr r11, [r4], #4\n"
      "and r8, r7, r9, lsl #8\n"
      "and r9, r9, r7\n"
      "and r10, r7, r11, lsl #8\n"
      "and r11, r11, r7\n"
      "smlawb r12, r0, r8, r2\n"
      "smlawt r8, r0, r8, r2\n"
      "smlawb r12, r1, r10, r12\n" /* element 0 */
      "smlawt r8, r1, r10, r8\n"   /* 2 */
      "smlawb r10, r0, r9, r2\n"
      "smlawt r9, r0, r9, r2\n"
      "smlawb r10, r1, r11, r10\n" /* 1 */
      "smlawt r9, r1, r11, r9\n"   /* 3 */
      "ssat r12, #8, r12, asr #21\n"
      "ssat r10, #8, r10, asr #21\n"
      "ssat r8, #8, r8, asr #21\n"
      "ssat r9, #8, r9, asr #21\n"
      "bfi r12, r10, #8, #8\n"
      "bfi r12, r8, #16, #8\n"
      "bfi r12, r9, #24, #8\n"
      "subs r6, r6, #4\n"
      "str r12, [r5], #4\n"
      "bne 1b\n"
      "pop {r4-r11, pc}\n");
}

/* For activations, which few sums have: six more instructions. n: a multiple of 4 */
static inline void tp_at_least_fours(int8_t *x, int32_t n, int32_t lowest) {
  const uint32_t four = (uint8_t)lowest * 0x01010101u;
  for (const int8_t *end = x + n; x != end; x += 4) {
    uint32_t word;
    memcpy(&word, x, 4);
    word = tp_largest_bytes(word, four);
    memcpy(x, &word, 4);
  }
}

#ifdef __cplusplus
}
#endif
#endif
#endif
