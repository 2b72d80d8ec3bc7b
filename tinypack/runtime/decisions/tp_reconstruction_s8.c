#include "tp_reconstruction_s8.h"

#include "tp_ratio.h"

void tp_reconstruction_s8(const tp_reconstruction_s8_t *p, const int8_t *input, const int8_t *output, int32_t *score) {
  int64_t sum = 0;
  for (int32_t i = 0; i < p->length; i++) {
    const int32_t expected = (input[i] - p->input_zero_point) * p->input_factor;
    const int32_t error = (output[i] - p->output_zero_point) * p->output_factor - expected;
    sum += p->squared ? (int64_t)error * error : error < 0 ? -error : error;
  }
  score[0] = (int32_t)tp_ratio(sum, p->most, p->drop, p->multiplier, p->shift, p->cap);
}
