#include "tp_feature_quantise_s8.h"

void tp_feature_quantise_s8(const tp_feature_quantise_s8_t *p, const int32_t *input, int8_t *output) {
  int32_t k = 0;
  for (int32_t i = 0; i < p->length; i++) {
    const int64_t x = ((int64_t)input[i] * p->multiplier[k] + p->offset[k]) >> p->shift[k];
    output[i] = (int8_t)(x < -128 ? -128 : x > 127 ? 127 : x);
    k += p->per_feature;
  }
}
