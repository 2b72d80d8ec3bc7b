/* Averages: tp_patch_sums says what an element takes. An output takes 36 instructions besides on a Cortex-M4, 135 on a
   Cortex-M0, which has no division. */
#include "tp_cold.h"

#include "tp_average_pool_2d_s8.h"

#include "tp_fixed.h"
#include "tp_patch_sums.h"

TP_APART static void average(const tp_pool_t *p, const int8_t *x, const tp_patch_t *patch, int8_t *output) {
  const int32_t count = patch->rows * patch->columns;
  const int32_t half = count / 2;
  int32_t sums[TP_PATCH_CHANNELS];
  for (int32_t left = p->depth; left > 0;) {
    const int32_t n = tp_patch_sums(x, patch, left, sums);
    for (int32_t i = 0; i < n; i++) {
      const int32_t mean = (sums[i] > 0 ? sums[i] + half : sums[i] - half) / count; /* ties away from zero */
      *output++ = (int8_t)tp_clamp(mean, p->act_min, p->act_max);
    }
    x += n;
    left -= n;
  }
}

void tp_average_pool_2d_s8(const tp_average_pool_2d_s8_t *p, const int8_t *input, int8_t *output) {
  tp_pool_each(p, input, output, average);
}
