#include "tp_feature_quantise_s8.h"

#include "tp_fixed.h"

void tp_feature_quantise_s8(const tp_feature_quantise_s8_t *p, const int32_t *input, int8_t *output) {
  const int64_t *offset = p->offset;
  const int32_t *multiplier = p->multiplier;
  const uint8_t *shift = p->shift;
  const int32_t next = p->per_feature;
  for (const int8_t *const end = output + p->length; output < end; offset += next, multiplier += next, shift += next) {
    const int64_t x = tp_add_product(*offset, *input++, *multiplier);
    *output++ = tp_saturated_s8(tp_shift_right_64(x, *shift));
  }
}
