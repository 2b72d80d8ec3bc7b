/* Sixteen channels of a patch at once by MVE: 6 instructions for each pixel's sums, 4 for its maxima. */
#ifndef TP_PATCH_MVE_H
#define TP_PATCH_MVE_H

#include "tp_patch.h"

#if defined(TP_MVE)
#include <arm_mve.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Of as many pixels as the sums of tp_patch_dsp.h. */
static inline void tp_patch_sums_16(const int8_t *x, const tp_patch_t *of, int32_t *sums) {
  int16x8_t low = vdupq_n_s16(0), high = vdupq_n_s16(0);
  int32_t rows = of->rows;
  do {
    int32_t columns = of->columns;
    do {
      low = vaddq_s16(low, vldrbq_s16(x));
      high = vaddq_s16(high, vldrbq_s16(x + 8));
      x += of->step;
    } while (--columns > 0);
    x += of->gap;
  } while (--rows > 0);
  const int32x4x2_t first = {{vmovlbq_s16(low), vmovltq_s16(low)}};
  const int32x4x2_t second = {{vmovlbq_s16(high), vmovltq_s16(high)}};
  vst2q_s32(sums, first);
  vst2q_s32(sums + 8, second);
}

/* At least `lowest`, and at most `highest`. */
static inline void tp_patch_maxima_16(const int8_t *x, const tp_patch_t *of, int32_t lowest, int32_t highest,
                                      int8_t *output) {
  int8x16_t best = vdupq_n_s8((int8_t)lowest);
  int32_t rows = of->rows;
  do {
    int32_t columns = of->columns;
    do {
      best = vmaxq_s8(best, vldrbq_s8(x));
      x += of->step;
    } while (--columns > 0);
    x += of->gap;
  } while (--rows > 0);
  vstrbq_s8(output, vminq_s8(best, vdupq_n_s8((int8_t)highest)));
}

#ifdef __cplusplus
}
#endif
#endif
#endif
