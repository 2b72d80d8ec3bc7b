#include "tp_dct_s32.h"

void tp_dct_s32(const tp_dct_s32_t *p, const int32_t *input, int32_t *output) {
  const int32_t *row = p->matrix;
  for (int32_t i = 0; i < p->outputs; i++) {
    int64_t sum = (int64_t)1 << 27;
    for (int32_t k = 0; k < p->inputs; k++) sum += (int64_t)*row++ * input[k];
    output[i] = (int32_t)(sum >> 28);
  }
}
