#ifndef TP_CONV_2D_PACKED_S8_H
#define TP_CONV_2D_PACKED_S8_H

#include "tp_row_blocks.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A window's taps in order: of each filter row `fours` taps, which may be up to 3 more than it has if that needs no more
   taps in all; then what is left of all rows, then none up to a multiple of 8. Weights of taps that are none are 0. */
typedef struct {
  const int32_t *rows; /* as tp_rows.h says */
  int32_t in_w;
  int32_t out_w;
  int32_t inside_first; /* output columns whose windows lie inside, as far as `fours` reads: this one to that before */
  int32_t inside_end;
  int16_t in_h;
  int16_t out_h;
  int16_t in_depth;
  int16_t out_depth; /* a multiple of 4 */
  int16_t taps;      /* a multiple of 8 */
  int16_t fours;     /* of a filter row: taps that stand together, a multiple of 4 */
  int16_t filter_h;
  int16_t filter_w;
  int16_t pad_top;
  int16_t pad_left;
  int8_t stride_h;
  int8_t stride_w;
  int8_t in_zero_point;
  int8_t out_zero_point;
  int8_t act_min;
  int8_t act_max;
  int16_t in_ram; /* output channels whose rows are in scratch memory at once: 0 or all; AVR leaves them in flash */
} tp_conv_2d_packed_s8_t;

/* input [in_h, in_w, in_depth] -> output [out_h, out_w, out_depth]; scratch: 4 * taps bytes, aligned to 4,
   and the rows' if they are copied */
void tp_conv_2d_packed_s8(const tp_conv_2d_packed_s8_t *p, const int8_t *input, int8_t *output, void *scratch);

/* Output rows first to last - 1: `output` points at the first, `input` at input row `in_first`. */
void tp_conv_2d_packed_s8_rows(const tp_conv_2d_packed_s8_t *p, int32_t first, int32_t last, int32_t in_first,
                               const int8_t *input, int8_t *output, void *scratch);

#ifdef __cplusplus
}
#endif
#endif
