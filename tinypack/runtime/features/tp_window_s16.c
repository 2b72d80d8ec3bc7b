#include "tp_window_s16.h"

#include "tp_fixed.h"

void tp_window_s16(const tp_window_s16_t *p, const int16_t *input, int32_t *output, int32_t *exponent) {
  uint32_t size = 1;
  for (int32_t i = 0; i < p->frame; i++) size |= tp_size(input[i]);
  const int32_t up = tp_leading_zeros_32(size) - 4;
  for (int32_t i = 0; i < p->frame; i++) {
    const int32_t x = tp_shift_left(input[i], up);
    output[i] = p->window != NULL ? tp_mul_high(2 * x, p->window[i]) : x;
  }
  for (int32_t i = p->frame; i < p->length; i++) output[i] = 0;
  *exponent = -up;
}
