#include "tp_signal_fft_auto_scale_s16.h"

#include "tp_fixed.h"

/* The largest magnitude, as long as no value is -32768: its negative does not fit, so that it makes the maximum begin
   anew, from -32768. Features must be those that models were trained with, so this is kept. */
static int32_t running_maximum(const int16_t *x, int32_t length) {
  int32_t most = 0;
  for (int32_t i = 0; i < length; i++) {
    const int32_t value = x[i];
    if (value > most) {
      most = value;
    } else if (-value > most) {
      most = (int16_t)-value;
    }
  }
  return most;
}

void tp_signal_fft_auto_scale_s16(const tp_signal_fft_auto_scale_s16_t *p, const int16_t *input, int16_t *output,
                                  int32_t *bits) {
  /* The OR of all magnitudes is as long as the largest. */
  const int16_t *const end = input + p->length;
  int32_t most = 0;
  for (const int16_t *x = input; x < end; x++) {
    const int32_t sign = *x >> 15;
    most |= (*x ^ sign) - sign;
  }
  if (most > INT16_MAX) most = running_maximum(input, p->length);
  const int32_t up = most > 0 ? tp_leading_zeros_32((uint32_t)most) - 17 : 0;
  for (; input < end; input++, output++) *output = (int16_t)tp_shift_left(*input, up);
  *bits = up;
}
