#include "tp_max_pool_2d_s8.h"

#include "tp_window.h"

/* `x` is one channel of the image's first pixel. */
static int32_t largest(const tp_max_pool_2d_s8_t *p, const int8_t *x, const tp_taps_t *rows, const tp_taps_t *columns) {
  int32_t best = INT8_MIN;
  for (int32_t i = rows->origin + rows->begin; i < rows->origin + rows->end; i++) {
    for (int32_t j = columns->origin + columns->begin; j < columns->origin + columns->end; j++) {
      const int32_t value = x[(i * p->in_w + j) * p->depth];
      best = value > best ? value : best;
    }
  }
  return best;
}

void tp_max_pool_2d_s8(const tp_max_pool_2d_s8_t *p, const int8_t *input, int8_t *output) {
  for (int32_t b = 0; b < p->batches; b++) {
    for (int32_t y = 0; y < p->out_h; y++) {
      const tp_taps_t rows = tp_taps(y, p->stride_h, p->pad_top, 1, p->filter_h, p->in_h);
      for (int32_t x = 0; x < p->out_w; x++) {
        const tp_taps_t columns = tp_taps(x, p->stride_w, p->pad_left, 1, p->filter_w, p->in_w);
        for (int32_t c = 0; c < p->depth; c++) {
          *output++ = (int8_t)tp_clamp(largest(p, input + c, &rows, &columns), p->act_min, p->act_max);
        }
      }
    }
    input += p->in_h * p->in_w * p->depth;
  }
}
