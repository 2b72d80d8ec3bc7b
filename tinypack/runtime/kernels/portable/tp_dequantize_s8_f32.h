#ifndef TP_DEQUANTIZE_S8_F32_H
#define TP_DEQUANTIZE_S8_F32_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  float scale;
  int32_t zero_point;
  int32_t elements;
} tp_dequantize_s8_f32_t;

/* input [elements] -> output [elements] */
void tp_dequantize_s8_f32(const tp_dequantize_s8_f32_t *p, const int8_t *input, float *output);

#ifdef __cplusplus
}
#endif
#endif
