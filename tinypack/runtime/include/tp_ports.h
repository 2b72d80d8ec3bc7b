/* What a model's header offers around its inputs and outputs. */
#ifndef TP_PORTS_H
#define TP_PORTS_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

/* x / scale + zero_point, rounded to nearest, ties away from zero, saturated. Not-a-number gives the zero point. */
static inline int32_t tp_quantize(float x, float scale, int32_t zero_point, int32_t lowest, int32_t highest) {
  const float scaled = x / scale;
  int32_t whole;
  float rest;
  if (scaled >= 65536.0f) {
    return highest;
  }
  if (scaled <= -65536.0f) {
    return lowest;
  }
  if (scaled != scaled) {
    return zero_point;
  }
  whole = (int32_t)scaled;
  rest = scaled - (float)whole; /* exact, unlike scaled + 0.5f */
  whole += rest >= 0.5f ? 1 : rest <= -0.5f ? -1 : 0;
  return tp_clamp(whole + zero_point, lowest, highest);
}

static inline float tp_dequantize(int32_t q, float scale, int32_t zero_point) {
  return scale * (float)(q - zero_point);
}

/* Index of the largest of n > 0 values, the first of equals. */
#define TP_DEFINE_TOP(type)                                      \
  static inline int tp_top_##type(const type *values, int n) { \
    int best = 0;                                                \
    for (int i = 1; i < n; i++) {                                \
      if (values[i] > values[best]) {                            \
        best = i;                                                \
      }                                                          \
    }                                                            \
    return best;                                                 \
  }
TP_DEFINE_TOP(int8_t)
TP_DEFINE_TOP(uint8_t)
TP_DEFINE_TOP(int16_t)
TP_DEFINE_TOP(int32_t)
TP_DEFINE_TOP(int64_t)
TP_DEFINE_TOP(float)

#ifdef __cplusplus
}
#endif
#endif
