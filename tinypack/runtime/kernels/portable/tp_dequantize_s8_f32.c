#include "tp_dequantize_s8_f32.h"

#include "tp_ports.h"

void tp_dequantize_s8_f32(const tp_dequantize_s8_f32_t *p, const int8_t *input, float *output) {
  for (int32_t i = 0; i < p->elements; i++) {
    output[i] = tp_dequantize(input[i], p->scale, p->zero_point);
  }
}
