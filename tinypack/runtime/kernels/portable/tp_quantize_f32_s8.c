#include "tp_quantize_f32_s8.h"

#include "tp_ports.h"

void tp_quantize_f32_s8(const tp_quantize_f32_s8_t *p, const float *input, int8_t *output) {
  for (int32_t i = 0; i < p->elements; i++) {
    output[i] = (int8_t)tp_quantize(input[i], p->scale, p->zero_point, INT8_MIN, INT8_MAX);
  }
}
