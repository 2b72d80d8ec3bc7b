#include "tp_window_s16.h"

#include "tp_fixed.h"

/* Samples * 2^up * weight / 2^32. Two samples: 11 instructions on an Arm. */
static void weigh(const int16_t *x, int32_t length, int32_t up, const int32_t *weight, int32_t *output) {
  int32_t *const end = output + length;
  for (; end - output >= 2; x += 2, weight += 2, output += 2) {
    output[0] = tp_mul_high(tp_shift_left(x[0], up), weight[0]);
    output[1] = tp_mul_high(tp_shift_left(x[1], up), weight[1]);
  }
  if (output < end) *output = tp_mul_high(tp_shift_left(*x, up), *weight);
}

void tp_window_s16(const tp_window_s16_t *p, const int16_t *input, int32_t *output, int32_t *exponent) {
  const uint32_t size = tp_size_s16(input, p->frame) | 1;
  const int32_t up = tp_leading_zeros_32(size) - 4;
  if (p->window != NULL) {
    weigh(input, p->frame, up + 1, p->window, output);
  } else {
    for (int32_t i = 0; i < p->frame; i++) output[i] = tp_shift_left(input[i], up);
  }
  for (int32_t i = p->frame; i < p->length; i++) output[i] = 0;
  *exponent = -up;
}
