#ifndef TP_DEPTHWISE_3X3_S8_H
#define TP_DEPTHWISE_3X3_S8_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Lines and pixels are rows and columns of the image, or columns and rows: whichever is faster. */
typedef struct {
  const int32_t *blocks; /* of four channels: biases with -input zero point * sum of weights folded in, multipliers in
                            Q31, a word of right shifts (1 to 22), a word a tap; in words, a byte a channel */
  int16_t channels;      /* a multiple of 4 */
  int16_t in_lines;
  int16_t in_pixels; /* of a line */
  int16_t out_lines;
  int16_t out_pixels;
  int16_t pad_lines; /* before the first line */
  int16_t pad_pixels;
  int8_t stride;  /* 1 or 2, in both directions */
  int8_t columns; /* 0 or 1: lines are columns */
  int8_t in_zero_point;
  int8_t out_zero_point;
  int8_t act_min;
  int8_t act_max;
} tp_depthwise_3x3_s8_t;

/* Elements from one pixel or line to the next. */
typedef struct {
  int32_t pixel;
  int32_t line;
} tp_depthwise_3x3_steps_t;

static inline tp_depthwise_3x3_steps_t tp_depthwise_3x3_steps(const tp_depthwise_3x3_s8_t *p, int32_t lines,
                                                              int32_t pixels) {
  tp_depthwise_3x3_steps_t steps = {p->channels, p->channels};
  if (p->columns) {
    steps.pixel *= lines;
  } else {
    steps.line *= pixels;
  }
  return steps;
}

/* input [in_lines, in_pixels, channels] -> output [out_lines, out_pixels, channels], which may begin where the input
   does if no line is written before what it overwrites is read: one channel after the other (with the DSP extension
   four), lines are read as they come into the window, and written one by one (two by two where the stride is 1).
   scratch: 160 bytes, and 64 for every two pixels of a padded line; aligned to 4 */
void tp_depthwise_3x3_s8(const tp_depthwise_3x3_s8_t *p, const int8_t *input, int8_t *output, void *scratch);

/* Output lines first to last - 1: `output` points at the first, `input` at input line `in_first`. */
void tp_depthwise_3x3_s8_rows(const tp_depthwise_3x3_s8_t *p, int32_t first, int32_t last, int32_t in_first,
                              const int8_t *input, int8_t *output, void *scratch);

#ifdef __cplusplus
}
#endif
#endif
