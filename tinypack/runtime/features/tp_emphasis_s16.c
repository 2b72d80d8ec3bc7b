#include "tp_emphasis_s16.h"

#include "tp_fixed.h"

static void weight(const tp_emphasis_s16_t *p, int32_t *x) {
  if (p->window != NULL)
    for (int32_t i = 0; i < p->frame; i++) x[i] = tp_mul_high(2 * x[i], p->window[i]);
}

void tp_emphasis_s16(const tp_emphasis_s16_t *p, int16_t *before, const int16_t *input, int32_t *output,
                     int32_t *exponent) {
  const uint32_t size = tp_size(*before) | tp_size_s16(input, p->frame) | 1;
  const int32_t up = tp_leading_zeros_32(size) - 5; /* a difference may need one bit more than a sample */
  const int32_t frame = p->frame, factor = p->factor;
  int32_t last = tp_shift_left(*before, up + 1);
  for (int32_t i = 0; i < frame; i++) {
    const int32_t x = tp_shift_left(input[i], up);
    output[i] = x - tp_mul_high(last, factor);
    last = 2 * x;
  }
  weight(p, output);
  for (int32_t i = p->frame; i < p->length; i++) output[i] = 0;
  *before = input[p->hop - 1];
  *exponent = -up;
}
