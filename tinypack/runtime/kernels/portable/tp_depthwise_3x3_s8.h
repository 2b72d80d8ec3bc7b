#ifndef TP_DEPTHWISE_3X3_S8_H
#define TP_DEPTHWISE_3X3_S8_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Lines and pixels are rows and columns of the image, or columns and rows: whichever makes longer lines. */
typedef struct {
  const int32_t *blocks; /* of four channels: biases with -input zero point * sum of weights folded in, multipliers in
                            Q31, a word of right shifts (1 to 22), a word a tap; in words, a byte a channel */
  int32_t channels;      /* a multiple of 4 */
  int32_t stride;        /* 1 or 2, in both directions */
  int32_t in_lines;
  int32_t in_pixels; /* of a line */
  int32_t in_line;   /* elements from one line to the next */
  int32_t in_pixel;  /* and from one pixel to the next */
  int32_t out_lines;
  int32_t out_pixels; /* 512 at most */
  int32_t out_line;
  int32_t out_pixel;
  int32_t pad_lines; /* before the first line */
  int32_t pad_pixels;
  int32_t in_zero_point;
  int32_t out_zero_point;
  int32_t act_min;
  int32_t act_max;
} tp_depthwise_3x3_s8_t;

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
