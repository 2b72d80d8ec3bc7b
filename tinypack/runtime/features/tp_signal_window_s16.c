#include "tp_signal_window_s16.h"

void tp_signal_window_s16(const tp_signal_window_s16_t *p, const int16_t *input, int16_t *output) {
  for (int32_t i = 0; i < p->length; i++) {
    output[i] = (int16_t)tp_clamp(((int32_t)input[i] * p->weight[i]) >> p->shift, INT16_MIN, INT16_MAX);
  }
}
