/* Linear sums by the DSP extension: 24 instructions for four elements. */
#ifndef TP_ADD_FLAT_DSP_H
#define TP_ADD_FLAT_DSP_H

#include <string.h>

#include "tp_dsp.h"

#if defined(TP_DSP)
#ifdef __cplusplus
extern "C" {
#endif

/* n: a multiple of 4, above 0. Bytes stand in the upper halves of halfwords, the even ones in one word, the odd ones in
   another: a product of 48 bits less its lowest 16 is then one of 40 bits less its lowest 8, and no sign needs to be
   extended. All is one piece of assembly, so that -Os keeps the mask in its register and the addresses in theirs. */
static inline void tp_add_flat_fours(int32_t factor_1, int32_t factor_2, int32_t offset, const int8_t *input_1,
                                     const int8_t *input_2, int8_t *output, int32_t n) {
  const uint32_t mask = 0xff00ff00u;
  int32_t a, a_odd, b, b_odd, y;
  __asm__ volatile(
      "1: ldr %[a_odd], [%[from_1]], #4\n"
      "ldr %[b_odd], [%[from_2]], #4\n"
      "and %[a], %[mask], %[a_odd], lsl #8\n"
      "and %[a_odd], %[a_odd], %[mask]\n"
      "and %[b], %[mask], %[b_odd], lsl #8\n"
      "and %[b_odd], %[b_odd], %[mask]\n"
      "smlawb %[y], %[f_1], %[a], %[c]\n"
      "smlawt %[a], %[f_1], %[a], %[c]\n"
      "smlawb %[y], %[f_2], %[b], %[y]\n" /* element 0 */
      "smlawt %[a], %[f_2], %[b], %[a]\n" /* 2 */
      "smlawb %[b], %[f_1], %[a_odd], %[c]\n"
      "smlawt %[a_odd], %[f_1], %[a_odd], %[c]\n"
      "smlawb %[b], %[f_2], %[b_odd], %[b]\n"         /* 1 */
      "smlawt %[a_odd], %[f_2], %[b_odd], %[a_odd]\n" /* 3 */
      "ssat %[y], #8, %[y], asr #21\n"
      "ssat %[b], #8, %[b], asr #21\n"
      "ssat %[a], #8, %[a], asr #21\n"
      "ssat %[a_odd], #8, %[a_odd], asr #21\n"
      "bfi %[y], %[b], #8, #8\n"
      "bfi %[y], %[a], #16, #8\n"
      "bfi %[y], %[a_odd], #24, #8\n"
      "subs %[n], %[n], #4\n"
      "str %[y], [%[to]], #4\n"
      "bne 1b\n"
      : [a] "=&r"(a), [a_odd] "=&r"(a_odd), [b] "=&r"(b), [b_odd] "=&r"(b_odd), [y] "=&r"(y), [n] "+&r"(n),
        [from_1] "+&r"(input_1), [from_2] "+&r"(input_2), [to] "+&r"(output)
      : [f_1] "r"(factor_1), [f_2] "r"(factor_2), [c] "r"(offset), [mask] "r"(mask)
      : "cc", "memory");
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
