/* Assembly of depthwise 3x3 by MVE: lines of four channels into a ring, and from there to outputs.

   The ring has 16 bytes for every pixel of a line: of each of four channels four lines. So a window of a channel and
   the windows beside and below it are bytes of four words, and a window's sum is one instruction. */
#ifndef TP_DEPTHWISE_3X3_LINES_MVE_H
#define TP_DEPTHWISE_3X3_LINES_MVE_H

#include "tp_common.h"

#if defined(TP_MVE)
#ifdef __cplusplus
extern "C" {
#endif

#define TP_PIXEL_BYTES 16
#define TP_WINDOW_BYTES 24

/* What outputs of four channels are made of. */
typedef struct {
  int8_t taps[4][TP_WINDOW_BYTES]; /* of a channel: 5 zeros, words of a line's three pixels, zeros */
  int8_t ring[1];
} tp_depthwise_3x3_scratch_t;

/* Where outputs stand, in elements. */
typedef struct {
  int32_t pixel; /* from one to the next */
  int32_t line;  /* from the first line to the second */
  int32_t pixels;
  int32_t lines; /* 1 or 2; with stride 2 it is 1 */
  int32_t zero_point;
} tp_depthwise_3x3_outputs_t;

/* Two lines into the ring in place of its oldest two. steps: elements from one pixel to the next, of either. */
void tp_depthwise_3x3_two_lines(const int8_t *a, const int8_t *b, int8_t *ring, int32_t pixels, const int32_t *steps);

/* Outputs of four channels, as `block` of the kernel's parameters says. _1: stride 1, _2: stride 2. */
typedef void tp_depthwise_3x3_step_t(const int32_t *block, const tp_depthwise_3x3_scratch_t *scratch, int8_t *output,
                                     const tp_depthwise_3x3_outputs_t *outputs);
tp_depthwise_3x3_step_t tp_depthwise_3x3_1;
tp_depthwise_3x3_step_t tp_depthwise_3x3_2;

#ifdef __cplusplus
}
#endif
#endif
#endif
