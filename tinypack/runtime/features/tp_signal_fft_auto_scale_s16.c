#include "tp_signal_fft_auto_scale_s16.h"

#include "tp_fixed.h"
#include "tp_halves.h"

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

/* The OR of all magnitudes is as long as the largest. */
static int32_t or_of_magnitudes(const int16_t *x, const int16_t *end) {
  int32_t most = 0;
#ifdef TP_DSP
  uint32_t both = 0;
  for (; end - x >= 4; x += 4) both |= tp_magnitudes(tp_load_halves(x)) | tp_magnitudes(tp_load_halves(x + 2));
  most = (int32_t)((both | both >> 16) & UINT16_MAX);
#endif
  for (; x < end; x++) {
    const int32_t sign = *x >> 15;
    most |= (*x ^ sign) - sign;
  }
  return most;
}

/* With the DSP extension four samples take 11 instructions to measure, and 11 to move. */
void tp_signal_fft_auto_scale_s16(const tp_signal_fft_auto_scale_s16_t *p, const int16_t *input, int16_t *output,
                                  int32_t *bits) {
  const int16_t *const end = input + p->length;
  int32_t most = or_of_magnitudes(input, end);
  if (most > INT16_MAX) most = running_maximum(input, p->length);
  const int32_t up = most > 0 ? tp_leading_zeros_32((uint32_t)most) - 17 : 0;
#ifdef TP_DSP
  const uint32_t stays = ~(((uint32_t)UINT16_MAX << (16 - up)) & UINT16_MAX); /* what leaves the lower half does not */
  for (; end - input >= 4; input += 4, output += 4) {
    const uint32_t first = tp_load_halves(input), second = tp_load_halves(input + 2);
    tp_store_halves(output, (first & stays) << up);
    tp_store_halves(output + 2, (second & stays) << up);
  }
#endif
  for (; input < end; input++, output++) *output = (int16_t)tp_shift_left(*input, up);
  *bits = up;
}
