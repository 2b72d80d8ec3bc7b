/* Assembly of depthwise 3x3: lines of four channels into the ring, and from there to outputs.

   The ring has 16 words for every two pixels: of each of four channels four slots, one a line. A word holds two pixels
   of a line and a channel as halfwords. */
#ifndef TP_DEPTHWISE_3X3_LINES_DSP_H
#define TP_DEPTHWISE_3X3_LINES_DSP_H

#include "tp_common.h"

#if defined(TP_DSP)
#ifdef __cplusplus
extern "C" {
#endif

/* One channel, unpacked. Weights and bias are doubled: so the upper half of a product is that of Q31. */
typedef struct {
  int32_t second[3]; /* of each filter row: weights 1 and 2 */
  int32_t first[3];  /* weights 0 and 1 */
  int32_t multiplier;
  int32_t offset; /* output zero point, and a half to round: before the shift */
  int32_t bias;
  int32_t control; /* right shift; from bit 8 on, elements from one output to the next; from 24 on, steps less 1 */
} tp_depthwise_3x3_channel_t;

/* How a line fills its words. */
typedef struct {
  int32_t pixel; /* elements from one to the next */
  int32_t whole; /* pairs of pixels */
  int32_t left;  /* 1: before them one, with padding in front */
  int32_t right; /* 1: after them one, with padding behind */
  uint32_t zeros; /* padding: four bytes */
} tp_depthwise_3x3_edges_t;

/* Two lines of four channels into slots 0 and 1 of each channel, from `slot` on. Lines may lie at any address: they are
   loaded by single words; only the ring and the channels take pairs. */
void tp_depthwise_3x3_two_lines(const int8_t *a, const int8_t *b, uint32_t *slot,
                                const tp_depthwise_3x3_edges_t *edges);

/* Outputs of four channels: all lines in the ring move on for the next step, by two.
   _1: stride 1, two lines, the second `second` elements behind the first (0: there is no second), odd: one pixel more
   than pairs. _2: stride 2, one line, from slots 1 to 3. _positive: for outputs that are clamped at zero or above. */
typedef void tp_depthwise_3x3_step_t(const tp_depthwise_3x3_channel_t *channels, uint32_t *ring, int8_t *output,
                                     int32_t second, int32_t odd);
tp_depthwise_3x3_step_t tp_depthwise_3x3_1;
tp_depthwise_3x3_step_t tp_depthwise_3x3_1_positive;
tp_depthwise_3x3_step_t tp_depthwise_3x3_2;
tp_depthwise_3x3_step_t tp_depthwise_3x3_2_positive;

#ifdef __cplusplus
}
#endif
#endif
#endif
