#ifndef TP_QUANTIZE_F32_S8_H
#define TP_QUANTIZE_F32_S8_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  float scale;
  int32_t zero_point;
  int32_t elements;
} tp_quantize_f32_s8_t;

/* input [elements] -> output [elements] */
void tp_quantize_f32_s8(const tp_quantize_f32_s8_t *p, const float *input, int8_t *output);

#ifdef __cplusplus
}
#endif
#endif
