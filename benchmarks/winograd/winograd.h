/* 3x3 convolutions of stride 1 with SAME padding by F(2,3): two outputs of a row by four multiplications for six.

   Of a filter row g0, g1, g2 and four inputs d0 to d3, all twice the usual form, so that weights stay whole:
     y0 = m1 + m2 + m0    m1 = (d1 + d2) (g0 + g1 + g2)    m0 = (d0 - d2) 2 g0
     y1 = m1 - m2 + m3    m2 = (d2 - d1) (g0 - g1 + g2)    m3 = (d3 - d1) 2 g2
   are 2 * the sums, which requantisation begins with anyway. Weights need 10 bits, inputs 9; both stand in halfwords.
   All is modulo 2^32, and twice the sum fits: it is exact.

   `rows` for each four output channels A, B, C, D, each of the four products with a table of its own:
     2 * bias of A, B, C, D; m1: for each two taps a word of each channel; m2
     m0; multipliers and shifts as in tp_rows.h; m3; multipliers and shifts */
#ifndef WINOGRAD_H
#define WINOGRAD_H

#include "tp_common.h"

#define RESULT_WORDS 5 /* multipliers and shifts of four channels */

typedef struct {
  const int32_t *rows;    /* NULL: they are made of `weights` in scratch memory, `at_once` channels at a time */
  const int32_t *weights; /* as the direct kernel has them: tp_rows.h */
  int32_t width; /* a multiple of 4 */
  int32_t height;
  int32_t depth;     /* of the input: a multiple of 8 */
  int32_t out_depth; /* a multiple of 4 */
  int32_t at_once;   /* output channels; a divisor of out_depth */
  int32_t strip;   /* output rows of four columns before the next four columns; a divisor of height */
  int32_t kept;    /* transformed rows of the input: at least 3, each 16 * depth bytes */
  int32_t in_zero_point;
  int32_t out_zero_point;
} winograd_t;

/* input [height, width, depth] -> output [height, width, out_depth]; scratch: (16 * kept + 1) * depth bytes, and the rows'.
   With a strip of 1 row and all channels at once, the output may lie over what earlier outputs alone have read. */
void winograd(const winograd_t *p, const int8_t *input, int8_t *output, int32_t *scratch);

/* Four outputs of a row for `channels` channels. inputs: of each two taps words of m1, m2, m0, m3, for either tile. */
void winograd_block(const int32_t *rows, const int32_t *inputs, int32_t pairs, int32_t out_depth, int32_t zero_point,
                    int8_t *output, int32_t channels);

#endif
