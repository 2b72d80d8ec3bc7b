#include "tp_signal_pcan_u32.h"

#include "tp_fixed.h"

#define SNR_BITS 12
#define OUTPUT_BITS 6
#define FRACTION_BITS 10

/* From the table: values at 0, 1 and 2, and for each further octave a parabola's value, slope and bend. */
static uint32_t gain_at(const int16_t *table, uint32_t x) {
  if (x <= 2) return (uint32_t)(int32_t)table[x];
  const int32_t octave = 32 - tp_leading_zeros_32(x);
  const int32_t down = octave - FRACTION_BITS - 1;
  const uint32_t fraction = (down < 0 ? x << -down : x >> down) & ((1u << FRACTION_BITS) - 1);
  const int16_t *piece = table + 4 * octave - 6;
  const int32_t bend = (piece[2] * (int32_t)fraction) >> 5;
  const uint32_t slope = (uint32_t)bend + ((uint32_t)(int32_t)piece[1] << 5);
  const int32_t rise = ((int32_t)(slope * fraction) + (1 << 14)) >> 15;
  return (uint32_t)(int32_t)(int16_t)(piece[0] + rise);
}

/* x^2 / 4 below 2, x - 1 above; in with SNR_BITS of fraction, out with OUTPUT_BITS. */
static uint32_t shrunk(uint32_t x) {
  if (x < (uint32_t)2 << SNR_BITS) return (x * x) >> (2 + 2 * SNR_BITS - OUTPUT_BITS);
  return (x >> (SNR_BITS - OUTPUT_BITS)) - (1u << OUTPUT_BITS);
}

void tp_signal_pcan_u32(const tp_signal_pcan_u32_t *p, const uint32_t *input, const uint32_t *estimate,
                        uint32_t *output) {
  for (int32_t i = 0; i < p->length; i++) {
    output[i] = shrunk((uint32_t)(((uint64_t)input[i] * gain_at(p->gain, estimate[i])) >> p->snr_shift));
  }
}
