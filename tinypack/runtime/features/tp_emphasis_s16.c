#include "tp_emphasis_s16.h"

#include "tp_fixed.h"

void tp_emphasis_s16(const tp_emphasis_s16_t *p, int16_t *before, const int16_t *input, int32_t *output,
                     int32_t *exponent) {
  uint32_t size = tp_size(*before) | 1;
  for (int32_t i = 0; i < p->frame; i++) size |= tp_size(input[i]);
  const int32_t up = tp_leading_zeros_32(size) - 4; /* a difference needs one bit more than a sample */
  int32_t last = *before;
  for (int32_t i = 0; i < p->frame; i++) {
    const int32_t x = input[i];
    const int32_t y = tp_shift_left(x, up) - tp_mul_high(tp_shift_left(last, up + 1), p->factor);
    output[i] = p->window != NULL ? tp_mul_high(y, p->window[i]) : y >> 1;
    last = x;
  }
  for (int32_t i = p->frame; i < p->length; i++) output[i] = 0;
  *before = input[p->hop - 1];
  *exponent = 1 - up;
}
