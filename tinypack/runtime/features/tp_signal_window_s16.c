#include "tp_signal_window_s16.h"

void tp_signal_window_s16(const tp_signal_window_s16_t *p, const int16_t *input, int16_t *output) {
  const int16_t *weight = p->weight;
  const int32_t shift = p->shift;
  for (const int16_t *end = input + p->length; input < end; input++, weight++, output++) {
    const int32_t x = ((int32_t)*input * *weight) >> shift;
    *output = (int16_t)(x == (int16_t)x ? x : (x >> 31) ^ INT16_MAX);
  }
}
