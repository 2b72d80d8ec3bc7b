#include "tp_signal_rescale_s8.h"

void tp_signal_rescale_s8(const tp_signal_rescale_s8_t *p, const int32_t *input, int8_t *output) {
  for (int32_t i = 0; i < p->length; i++) {
    const int32_t quotient = (input[i] * p->multiplier + p->addend) / p->divisor;
    output[i] = (int8_t)tp_clamp(quotient + p->offset, p->lowest, p->highest);
  }
}
