/* Any depthwise convolution, an output at a time, a tap a pass: with -Os 10 instructions a multiply-accumulate on a
   Cortex-M4, 13 on a Cortex-M0. An output takes 87 and 173 besides, each of its filter rows 24 and 21. */
#include "tp_depthwise_conv_2d_s8.h"

#include "tp_requantize.h"
#include "tp_window.h"

/* One output before requantisation; `x` is this channel of the image's first pixel. */
static int32_t accumulate(const tp_depthwise_conv_2d_s8_t *p, const int8_t *x, const int8_t *w, const tp_taps_t *rows,
                          const tp_taps_t *columns) {
  const int32_t step = p->dilation_w * p->in_depth;
  const int32_t x_row = p->dilation_h * p->in_w * p->in_depth;
  int32_t first = (rows->origin * p->in_w + columns->origin) * p->in_depth + rows->begin * x_row + columns->begin * step;
  int32_t acc = 0;
  w += rows->begin * p->filter_w;
  for (int32_t k = rows->begin; k < rows->end; k++) {
    int32_t at = first;
    for (int32_t i = columns->begin; i < columns->end; i++) {
      acc += x[at] * tp_flash_s8(w + i);
      at += step;
    }
    first += x_row;
    w += p->filter_w;
  }
  return acc;
}

void tp_depthwise_conv_2d_s8(const tp_depthwise_conv_2d_s8_t *p, const int8_t *input, int8_t *output) {
  const int32_t filter = p->filter_h * p->filter_w;
  const int32_t channel_outputs = p->out_depth / p->in_depth;
  for (int32_t b = 0; b < p->batches; b++) {
    for (int32_t y = 0; y < p->out_h; y++) {
      const tp_taps_t rows = tp_taps(y, p->stride_h, p->pad_top, p->dilation_h, p->filter_h, p->in_h);
      for (int32_t x = 0; x < p->out_w; x++) {
        const tp_taps_t columns = tp_taps(x, p->stride_w, p->pad_left, p->dilation_w, p->filter_w, p->in_w);
        const int inside = tp_all_inside(&rows, p->filter_h) && tp_all_inside(&columns, p->filter_w);
        const int8_t *w = p->weights;
        for (int32_t c = 0; c < p->out_depth; c++) {
          const int32_t k = p->per_channel ? c : 0;
          int32_t acc = tp_flash_s32(&p->bias[c]) + accumulate(p, input + c / channel_outputs, w, &rows, &columns);
          if (!inside) {
            acc += p->in_zero_point * tp_padding_weights(w, p->filter_h, p->filter_w, 1, &rows, &columns);
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
