/* 3x3 convolutions by F(2,3), four columns at a time: 0.6 instructions for a multiply-accumulate of a direct
   convolution, transforms included, and 11 an output. Without the DSP extension, or with MVE, tp_conv_2d_packed_s8 does
   the work. */
#include "tp_hot.h"
/* First of all: it sets how the rest is compiled. */
#include "tp_conv_3x3_s8.h"

#if defined(TP_DSP) && !defined(TP_MVE)
#include <string.h>

#define ROWS 3 /* of a filter */
#define KEPT 5 /* rows of transformed input, where a strip goes from the image's top to its bottom */

static void clamp_all(const tp_conv_3x3_s8_t *p, int8_t *output) {
  for (int32_t pixel = 0; pixel < TP_WINOGRAD_COLUMNS; pixel++, output += p->out_depth) {
    for (int32_t i = 0; i < p->in_ram; i++) {
      output[i] = (int8_t)tp_clamp(output[i], p->act_min, p->act_max);
    }
  }
}

/* Input row y around columns x to x + 3. zeros: a column of zero points */
static void inputs_of_row(const tp_conv_3x3_s8_t *p, const int8_t *input, const int8_t *zeros, int32_t y, int32_t x,
                          int32_t *to) {
  const int32_t depth = p->in_depth;
  if (y < 0 || y >= p->in_h) {
    tp_winograd_inputs(to, zeros, zeros, 0, zeros, depth);
  } else {
    const int8_t *from = input + (y * p->in_w + x) * depth;
    const int8_t *last = x + TP_WINOGRAD_COLUMNS < p->in_w ? from + TP_WINOGRAD_COLUMNS * depth : zeros;
    tp_winograd_inputs(to, x > 0 ? from - depth : zeros, from, depth, last, depth);
  }
}

/* Four columns of the output, from x on, in rows y to end_y - 1. kept: rows of transformed input that `inputs` holds */
static void strip(const tp_conv_3x3_s8_t *p, const int32_t *rows, const int8_t *input, int8_t *output, int32_t y,
                  int32_t end_y, int32_t x, int32_t *inputs, int32_t kept, const int8_t *zeros) {
  const int32_t row_words = 4 * p->in_depth;
  int32_t *const end = inputs + kept * row_words;
  int32_t *to = inputs + 2 * row_words;
  inputs_of_row(p, input, zeros, y - 1, x, inputs);
  inputs_of_row(p, input, zeros, y, x, inputs + row_words);
  for (; y < end_y; y++, to += row_words) {
    int8_t *const written = output + (y * p->out_w + x) * p->out_depth;
    if (to == end) {
      memcpy(inputs, to - 2 * row_words, (size_t)(2 * row_words) * sizeof *to);
      to = inputs + 2 * row_words;
    }
    inputs_of_row(p, input, zeros, y + 1, x, to);
    tp_winograd_block(rows, to - 2 * row_words, ROWS * p->in_depth / 2, p->out_depth, p->out_zero_point, written,
                      p->in_ram);
    if (p->act_min > INT8_MIN || p->act_max < INT8_MAX) {
      clamp_all(p, written);
    }
  }
}

/* All channels at once go row by row, which lets the output follow the input in memory; fewer in strips from the top to
   the bottom, which transform each row of the input once. */
void tp_conv_3x3_s8(const tp_conv_3x3_s8_t *p, const int8_t *input, int8_t *output, void *scratch) {
  const int32_t height = p->in_ram == p->out_depth ? 1 : p->out_h;
  const int32_t kept = p->in_ram == p->out_depth ? ROWS : KEPT;
  int32_t *inputs = (int32_t *)scratch;
  int8_t *zeros = (int8_t *)(inputs + 4 * kept * p->in_depth);
  int32_t *rows = (int32_t *)(void *)(zeros + p->in_depth);
  const int32_t *packed = p->rows;
  memset(zeros, p->in_zero_point, (size_t)p->in_depth);
  for (int32_t channel = 0; channel < p->out_depth; channel += p->in_ram) {
    packed = tp_winograd_rows(packed, p->in_depth, p->in_ram, rows);
    for (int32_t y = 0; y < p->out_h; y += height) {
      for (int32_t x = 0; x < p->out_w; x += TP_WINOGRAD_COLUMNS) {
        strip(p, rows, input, output + channel, y, y + height, x, inputs, kept, zeros);
      }
    }
  }
}

#else

void tp_conv_3x3_s8(const tp_conv_3x3_s8_t *p, const int8_t *input, int8_t *output, void *scratch) {
  if (p->in_ram == p->out_depth) {
    tp_conv_2d_packed_s8(p, input, output, scratch);
  } else { /* there is no room for all weights */
    tp_conv_2d_packed_s8_rows(p, 0, p->out_h, 0, input, output, scratch);
  }
}

#endif
