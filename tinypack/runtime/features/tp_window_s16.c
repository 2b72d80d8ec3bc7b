#include "tp_window_s16.h"

#include "tp_fixed.h"

void tp_window_s16(const tp_window_s16_t *p, const int16_t *input, int32_t *output, int32_t *exponent) {
  const uint32_t size = tp_size_s16(input, p->frame) | 1;
  const int32_t up = tp_leading_zeros_32(size) - 4;
  for (int32_t i = 0; i < p->frame; i++) output[i] = tp_shift_left(input[i], up);
  if (p->window != NULL)
    for (int32_t i = 0; i < p->frame; i++) output[i] = tp_mul_high(2 * output[i], p->window[i]);
  for (int32_t i = p->frame; i < p->length; i++) output[i] = 0;
  *exponent = -up;
}
