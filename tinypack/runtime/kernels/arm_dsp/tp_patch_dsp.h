/* Eight channels of a patch at once by the DSP extension: 9 instructions for each pixel's sums, 11 for its maxima. */
#ifndef TP_PATCH_DSP_H
#define TP_PATCH_DSP_H

#include <string.h>

#include "tp_dsp.h"
#include "tp_patch.h"

#if defined(TP_DSP)
#ifdef __cplusplus
extern "C" {
#endif

#define TP_PATCH_PIXELS 256 /* of a patch at most: their sums fit halfwords */

/* Channels 0 and 2, 1 and 3, 4 and 6, 5 and 7 share words. */
static inline void tp_patch_sums_8(const int8_t *x, const tp_patch_t *of, int32_t *sums) {
  uint32_t even = 0, odd = 0, even_4 = 0, odd_4 = 0, low, high;
  int32_t rows = of->rows;
  do {
    int32_t columns = of->columns;
    __asm__ volatile(
        "1: ldr %[low], [%[x]]\n"
        "ldr %[high], [%[x], #4]\n"
        "add %[x], %[x], %[step]\n"
        "sxtab16 %[even], %[even], %[low]\n"
        "sxtab16 %[odd], %[odd], %[low], ror #8\n"
        "sxtab16 %[even_4], %[even_4], %[high]\n"
        "sxtab16 %[odd_4], %[odd_4], %[high], ror #8\n"
        "subs %[n], %[n], #1\n"
        "bne 1b\n"
        : [x] "+&r"(x), [n] "+&r"(columns), [even] "+&r"(even), [odd] "+&r"(odd), [even_4] "+&r"(even_4),
          [odd_4] "+&r"(odd_4), [low] "=&r"(low), [high] "=&r"(high)
        : [step] "r"(of->step)
        : "cc", "memory");
    x += of->gap;
  } while (--rows > 0);
  const uint32_t pairs[4] = {even, odd, even_4, odd_4};
  for (int32_t i = 0; i < 4; i++) {
    sums[i + (i & 2)] = (int16_t)pairs[i];
    sums[i + (i & 2) + 2] = (int32_t)pairs[i] >> 16;
  }
}

/* At least `lowest`, and at most `highest`, each four bytes. */
static inline void tp_patch_maxima_8(const int8_t *x, const tp_patch_t *of, uint32_t lowest, uint32_t highest,
                                     int8_t *output) {
  uint32_t best = lowest, best_4 = lowest, low, high, sign;
  int32_t rows = of->rows;
  do {
    int32_t columns = of->columns;
    __asm__ volatile(
        "1: ldr %[low], [%[x]]\n"
        "ldr %[high], [%[x], #4]\n"
        "add %[x], %[x], %[step]\n"
        "ssub8 %[sign], %[low], %[best]\n"
        "sel %[best], %[low], %[best]\n"
        "ssub8 %[sign], %[high], %[best_4]\n"
        "sel %[best_4], %[high], %[best_4]\n"
        "subs %[n], %[n], #1\n"
        "bne 1b\n"
        : [x] "+&r"(x), [n] "+&r"(columns), [best] "+&r"(best), [best_4] "+&r"(best_4), [low] "=&r"(low),
          [high] "=&r"(high), [sign] "=&r"(sign)
        : [step] "r"(of->step)
        : "cc", "memory");
    x += of->gap;
  } while (--rows > 0);
  best = tp_smallest_bytes(best, highest);
  best_4 = tp_smallest_bytes(best_4, highest);
  memcpy(output, &best, 4);
  memcpy(output + 4, &best_4, 4);
}

#ifdef __cplusplus
}
#endif
#endif
#endif
