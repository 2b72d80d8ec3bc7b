/* Assembly of depthwise 3x3: lines of a channel into the ring, and from there to outputs.

   The ring has four bytes for every pixel: four slots, one a line. A window is twelve of them in a row. */
#ifndef TP_DEPTHWISE_3X3_LINES_MVE_H
#define TP_DEPTHWISE_3X3_LINES_MVE_H

#include "tp_common.h"

#if defined(TP_MVE)
#ifdef __cplusplus
extern "C" {
#endif

/* One channel, unpacked. */
typedef struct {
  uint32_t weights[4]; /* of three pixels: those of three lines, and 0; for the next step slots 0, 1 and 2, 3 change */
  int32_t multiplier;
  int32_t offset; /* output zero point, and a half to round: before the shift */
  int32_t shift;  /* positive is left */
  int32_t bias;
} tp_depthwise_3x3_channel_t;

/* A line of outputs. */
typedef struct {
  int32_t pixel; /* elements from one to the next */
  int32_t pixels;
  int32_t act_min;
  int32_t act_max;
} tp_depthwise_3x3_outputs_t;

/* Two lines of n pixels, `pixel` elements apart, into two slots. */
void tp_depthwise_3x3_two_lines(const int8_t *a, const int8_t *b, int32_t pixel, int8_t *slot, int32_t n);

/* A value into a slot of n pixels. */
void tp_depthwise_3x3_blank(int8_t *slot, int32_t value, int32_t n);

/* Two lines of outputs, stride 1. Where they are the same, it is the first that stays. */
void tp_depthwise_3x3_1(tp_depthwise_3x3_channel_t *channel, const int8_t *ring, int8_t *first, int8_t *second,
                        const tp_depthwise_3x3_outputs_t *outputs);

/* One line of outputs, stride 2: its window begins in slot 1, or 3. */
void tp_depthwise_3x3_2(tp_depthwise_3x3_channel_t *channel, const int8_t *ring, int8_t *output,
                        const tp_depthwise_3x3_outputs_t *outputs);

#ifdef __cplusplus
}
#endif
#endif
#endif
