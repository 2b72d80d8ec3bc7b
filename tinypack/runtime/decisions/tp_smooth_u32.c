#include "tp_smooth_u32.h"

#include "tp_window_mean.h"

void tp_smooth_u32(const tp_smooth_u32_t *p, uint32_t *ring, uint32_t *sum, int32_t *progress, const int32_t *score,
                   int32_t *mean) {
  uint32_t *oldest = ring + tp_window_advance(progress, p->window);
  sum[0] += (uint32_t)score[0] - *oldest;
  *oldest = (uint32_t)score[0];
  mean[0] = (int32_t)(sum[0] / (uint32_t)progress[TP_WINDOW_COUNT]);
}
