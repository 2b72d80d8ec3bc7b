/* Parameters of all convolutions. */
#ifndef TP_CONVOLUTION_H
#define TP_CONVOLUTION_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const int8_t *weights;     /* [out_depth, filter_h, filter_w, group_depth] */
  const int32_t *bias;       /* [out_depth], with -input zero point * sum of weights folded in */
  const int32_t *multiplier; /* Q31, [out_depth] if per_channel, else [1] */
  const int8_t *shift;       /* as multiplier; positive is left */
  int32_t batches;
  int32_t in_h;
  int32_t in_w;
  int32_t in_depth;
  int32_t out_h;
  int32_t out_w;
  int32_t out_depth;
  int32_t group_depth; /* input channels that an output channel reads */
  int32_t filter_h;
  int32_t filter_w;
  int32_t stride_h;
  int32_t stride_w;
  int32_t dilation_h;
  int32_t dilation_w;
  int32_t pad_top;
  int32_t pad_left;
  int32_t per_channel; /* 0 or 1 */
  int32_t in_zero_point;
  int32_t out_zero_point;
  int32_t act_min;
  int32_t act_max;
} tp_convolution_t;

#ifdef __cplusplus
}
#endif
#endif
