#ifndef TP_EMPHASIS_S16_H
#define TP_EMPHASIS_S16_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const int32_t *window; /* Q31, [frame]; NULL: all ones */
  int32_t factor;        /* Q31, of the sample before */
  int32_t frame;
  int32_t length; /* of the output, >= frame: the rest is zeros */
  int32_t hop;    /* samples to the next frame; the input has at least as many */
} tp_emphasis_s16_t;

/* Takes factor times the sample before from each sample. before [1]: the one before the frame, kept for the next.
   input [max(frame, hop)] -> output [length] within -2^28..2^28 - 1, as large as the loudest sample allows, times
   2^exponent */
void tp_emphasis_s16(const tp_emphasis_s16_t *p, int16_t *before, const int16_t *input, int32_t *output,
                     int32_t *exponent);

#ifdef __cplusplus
}
#endif
#endif
