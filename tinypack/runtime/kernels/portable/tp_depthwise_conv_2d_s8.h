#ifndef TP_DEPTHWISE_CONV_2D_S8_H
#define TP_DEPTHWISE_CONV_2D_S8_H

#include "tp_convolution.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef tp_convolution_t tp_depthwise_conv_2d_s8_t;

/* input [batches, in_h, in_w, in_depth] -> output [batches, out_h, out_w, out_depth] */
void tp_depthwise_conv_2d_s8(const tp_depthwise_conv_2d_s8_t *p, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif
#endif
