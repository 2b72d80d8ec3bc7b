#include "tp_smooth_s8.h"

#include "tp_window_mean.h"

void tp_smooth_s8(const tp_smooth_s8_t *p, int8_t *ring, int32_t *sum, int32_t *progress, const int8_t *input,
                  int32_t *score) {
  int8_t *oldest = ring + tp_window_advance(progress, p->window) * p->length;
  const int32_t count = progress[TP_WINDOW_COUNT];
  for (int32_t i = 0; i < p->length; i++) {
    sum[i] += input[i] - oldest[i];
    oldest[i] = input[i];
    const int64_t scaled = (int64_t)(sum[i] - count * p->zero_point) * p->multiplier;
    score[i] = tp_floor_div((int32_t)(scaled >> p->shift), count);
  }
}
