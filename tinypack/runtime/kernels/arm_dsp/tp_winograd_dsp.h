/* 3x3 convolutions of stride 1 by F(2,3): two outputs of a row by four multiplications for six.

   Of a filter row g0, g1, g2 and four inputs d0 to d3, all twice the usual form, so that weights stay whole:
     y0 = m1 + m2 + m0    m1 = (d1 + d2) (g0 + g1 + g2)    m0 = (d0 - d2) 2 g0
     y1 = m1 - m2 + m3    m2 = (d2 - d1) (g0 - g1 + g2)    m3 = (d3 - d1) 2 g2
   are 2 * the sums, with which requantisation begins anyway. Weights need 10 bits, inputs 9; both stand in halfwords.
   All is modulo 2^32, and twice the sum fits: it is exact.

   Transformed weights of four output channels A, B, C, D, each of the four products with a table of its own:
     2 * bias of A, B, C, D; m1: for each two taps a word of each channel; m2
     m0; multipliers and shifts as in tp_rows.h; m3; multipliers and shifts
   Transformed inputs: for each two taps words of m1, m2, m0, m3, each of the first two outputs and of the second. */
#ifndef TP_WINOGRAD_DSP_H
#define TP_WINOGRAD_DSP_H

#include "tp_rows.h"

#define TP_WINOGRAD_COLUMNS 4 /* of the output at once */

#if defined(TP_DSP) && !defined(TP_MVE)
#include "tp_winograd_block_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One input row: four columns, `step` bytes apart from `x` on, and those beside them -> to [depth / 2, 4, 2] */
void tp_winograd_inputs(int32_t *to, const int8_t *first, const int8_t *x, int32_t step, const int8_t *last,
                        int32_t depth);

/* Row blocks of `channels` output channels; gives where the next ones stand. to: [(6 * depth + 3.5) * channels] */
const int32_t *tp_winograd_rows(const int32_t *packed, int32_t depth, int32_t channels, int32_t *to);

#ifdef __cplusplus
}
#endif
#endif
#endif
