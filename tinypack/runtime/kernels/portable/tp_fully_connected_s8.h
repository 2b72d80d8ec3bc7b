#ifndef TP_FULLY_CONNECTED_S8_H
#define TP_FULLY_CONNECTED_S8_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const int8_t *weights;     /* [out_depth, in_depth] */
  const int32_t *bias;       /* [out_depth], with -input zero point * sum of weights folded in */
  const int32_t *multiplier; /* Q31, [out_depth] if per_channel, else [1] */
  const int8_t *shift;       /* as multiplier; positive is left */
  int32_t batches;
  int32_t in_depth;
  int32_t out_depth;
  int32_t per_channel; /* 0 or 1 */
  int32_t out_zero_point;
  int32_t act_min;
  int32_t act_max;
} tp_fully_connected_s8_t;

/* input [batches, in_depth] -> output [batches, out_depth] */
void tp_fully_connected_s8(const tp_fully_connected_s8_t *p, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif
#endif
