#ifndef TP_CMVN_S32_H
#define TP_CMVN_S32_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t length;   /* features of a frame */
  int32_t frames;   /* this one and those before */
  int32_t down;     /* features are first divided by 2^down, so that they stay within 31 - log2(frames) bits */
  int32_t variance; /* 0: only the mean is subtracted; 1: divided by the deviation too, the output is Q16 */
} tp_cmvn_s32_t;

/* past [frames * length]: a ring of frames; sum, squares [length] over them; place [2]: next in the ring, how many.
   input [length] -> output [length]: less the mean, over the deviation. May be in place. */
void tp_cmvn_s32(const tp_cmvn_s32_t *p, int32_t *past, int64_t *sum, int64_t *squares, int32_t *place,
                 const int32_t *input, int32_t *output);

#ifdef __cplusplus
}
#endif
#endif
