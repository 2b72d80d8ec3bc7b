/* Means: tp_patch_sums says what an element takes. An output takes 42 instructions besides on a Cortex-M4, 78 on a
   Cortex-M0. */
#include "tp_cold.h"

#include "tp_mean_s8.h"

#include "tp_patch_sums.h"
#include "tp_requantize.h"

/* `inner` channels that lie side by side. */
static void mean(const tp_mean_s8_t *p, const int8_t *x, const tp_patch_t *patch, int8_t *output) {
  int32_t sums[TP_PATCH_CHANNELS];
  for (int32_t left = p->inner; left > 0;) {
    const int32_t n = tp_patch_sums(x, patch, left, sums);
    for (int32_t i = 0; i < n; i++) {
      const int32_t rescaled = tp_requantize(sums[i] + p->offset, p->multiplier, (int)p->shift) + p->out_zero_point;
      *output++ = (int8_t)tp_clamp(rescaled, INT8_MIN, INT8_MAX);
    }
    x += n;
    left -= n;
  }
}

void tp_mean_s8(const tp_mean_s8_t *p, const int8_t *input, int8_t *output) {
  const int32_t run = p->reduced_1 * p->inner;
  tp_patch_t patch;
  patch.rows = p->reduced_0;
  patch.columns = p->reduced_1;
  patch.step = p->inner;
  patch.gap = (p->middle - 1) * run;
  for (int32_t o = 0; o < p->outer; o++) {
    for (int32_t m = 0; m < p->middle; m++) {
      mean(p, input + m * run, &patch, output);
      output += p->inner;
    }
    input += p->reduced_0 * p->middle * run;
  }
}
