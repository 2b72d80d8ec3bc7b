/* Products: 42 instructions an element on a Cortex-M4, 82 on a Cortex-M0. */
#include "tp_mul_s8.h"

#include "tp_requantize.h"

static inline int32_t product(const tp_mul_s8_t *p, int32_t a, int32_t b) {
  const int32_t raw = (a - p->zero_point_1) * (b - p->zero_point_2);
  return tp_requantize(raw, p->multiplier, (int)p->shift) + p->out_zero_point;
}

void tp_mul_s8(const tp_mul_s8_t *p, const int8_t *input_1, const int8_t *input_2, int8_t *output) {
  const int32_t *n = p->extents;
  const int32_t *s = p->strides_1;
  const int32_t *t = p->strides_2;
  for (int32_t i = 0; i < n[0]; i++) {
    for (int32_t j = 0; j < n[1]; j++) {
      for (int32_t k = 0; k < n[2]; k++) {
        const int8_t *a = input_1 + i * s[0] + j * s[1] + k * s[2];
        const int8_t *b = input_2 + i * t[0] + j * t[1] + k * t[2];
        for (int32_t l = 0; l < n[3]; l++) {
          *output++ = (int8_t)tp_clamp(product(p, a[l * s[3]], b[l * t[3]]), p->act_min, p->act_max);
        }
      }
    }
  }
}
