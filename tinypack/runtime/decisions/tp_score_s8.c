#include "tp_score_s8.h"

void tp_score_s8(const tp_score_s8_t *p, const int8_t *input, int32_t *score) {
  for (int32_t i = 0; i < p->length; i++) {
    score[i] = (int32_t)(((int64_t)(input[i] - p->zero_point) * p->multiplier) >> p->shift);
  }
}
