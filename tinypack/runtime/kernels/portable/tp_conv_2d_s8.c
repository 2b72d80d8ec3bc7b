/* Any convolution, an output at a time, a run of channels a pass: with -Os 3.4 instructions a multiply-accumulate on a
   Cortex-M4, 7.4 on a Cortex-M0. An output takes 85 and 151 besides, each of its filter rows about 50. */
#include "tp_conv_2d_s8.h"

#include "tp_dot.h"
#include "tp_requantize.h"
#include "tp_window.h"

/* One row of one filter over the taps that lie inside; tap 0 would read x[at]. */
static int32_t row_inside(const tp_conv_2d_s8_t *p, const int8_t *x, int32_t at, const int8_t *w,
                          const tp_taps_t *columns) {
  const int32_t depth = p->group_depth;
  const int32_t step = p->dilation_w * p->in_depth;
  int32_t acc = 0;
  if (step == depth) { /* the taps' channels lie in one run */
    return tp_dot(x + (at + columns->begin * depth), w + columns->begin * depth, (columns->end - columns->begin) * depth);
  }
  for (int32_t k = columns->begin; k < columns->end; k++) {
    acc += tp_dot(x + (at + k * step), w + k * depth, depth);
  }
  return acc;
}

/* One output before requantisation; the window's first tap would read x[at]. */
static int32_t accumulate(const tp_conv_2d_s8_t *p, const int8_t *x, int32_t at, const int8_t *w, const tp_taps_t *rows,
                          const tp_taps_t *columns) {
  const int32_t w_row = p->filter_w * p->group_depth;
  const int32_t x_row = p->dilation_h * p->in_w * p->in_depth;
  int32_t acc = 0;
  for (int32_t k = rows->begin; k < rows->end; k++) {
    acc += row_inside(p, x, at + k * x_row, w + k * w_row, columns);
  }
  return acc;
}

void tp_conv_2d_s8(const tp_conv_2d_s8_t *p, const int8_t *input, int8_t *output) {
  const int32_t filter = p->filter_h * p->filter_w * p->group_depth;
  const int32_t group_outputs = p->out_depth / (p->in_depth / p->group_depth);
  for (int32_t b = 0; b < p->batches; b++) {
    for (int32_t y = 0; y < p->out_h; y++) {
      const tp_taps_t rows = tp_taps(y, p->stride_h, p->pad_top, p->dilation_h, p->filter_h, p->in_h);
      for (int32_t x = 0; x < p->out_w; x++) {
        const tp_taps_t columns = tp_taps(x, p->stride_w, p->pad_left, p->dilation_w, p->filter_w, p->in_w);
        const int inside = tp_all_inside(&rows, p->filter_h) && tp_all_inside(&columns, p->filter_w);
        const int32_t origin = (rows.origin * p->in_w + columns.origin) * p->in_depth;
        const int8_t *w = p->weights;
        for (int32_t c = 0; c < p->out_depth; c++) {
          const int32_t k = p->per_channel ? c : 0;
          const int32_t group = c / group_outputs * p->group_depth;
          int32_t acc = tp_flash_s32(&p->bias[c]) + accumulate(p, input, origin + group, w, &rows, &columns);
          if (!inside) {
            acc += p->in_zero_point * tp_padding_weights(w, p->filter_h, p->filter_w, p->group_depth, &rows, &columns);
          }
          acc = tp_requantize(acc, tp_flash_s32(&p->multiplier[k]), tp_flash_s8(&p->shift[k])) + p->out_zero_point;
          *output++ = (int8_t)tp_clamp(acc, p->act_min, p->act_max);
          w += filter;
        }
      }
    }
    input += p->in_h * p->in_w * p->in_depth;
  }
}
