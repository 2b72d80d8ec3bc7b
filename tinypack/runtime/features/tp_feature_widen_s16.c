#include "tp_feature_widen_s16.h"

void tp_feature_widen_s16(const tp_feature_widen_s16_t *p, const int16_t *samples, int32_t *features) {
  for (int32_t i = 0; i < p->length; i++) {
    features[i] = samples[i];
  }
}
