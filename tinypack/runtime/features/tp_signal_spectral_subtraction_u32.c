#include "tp_signal_spectral_subtraction_u32.h"

#include "tp_functions.h"

/* x / 2^bits, the lower 32 bits. Compilers' shifts of 64 are slow. bits: 0..31 */
static TP_INLINE uint32_t over(uint64_t x, int32_t bits) {
  return (uint32_t)x >> bits | (uint32_t)(x >> 32) << 1 << (31 - bits);
}

/* Channels from the first on, every other one: 37 instructions each on a Cortex-M4. */
static TP_APART void every_other(const tp_signal_spectral_subtraction_u32_t *p, uint32_t take, uint32_t keep,
                                 int32_t first, uint32_t *state, const uint32_t *input, uint32_t *output,
                                 uint32_t *estimate) {
  const int32_t length = p->length, bits = p->bits, smoothing_bits = p->smoothing_bits;
  const uint32_t floor_factor = p->floor;
  const int32_t clamp = p->clamp;
  for (int32_t i = first; i < length; i += 2) {
    const uint32_t x = input[i], scaled = x << smoothing_bits;
    const uint32_t smoothed = over((uint64_t)scaled * take + (uint64_t)state[i] * keep, bits);
    const uint32_t held = smoothed < scaled ? smoothed : scaled;
    const uint32_t floor = over((uint64_t)x * floor_factor, bits);
    const uint32_t left = (scaled - held) >> smoothing_bits;
    state[i] = estimate[i] = clamp ? held : smoothed;
    output[i] = left > floor ? left : floor;
  }
}

void tp_signal_spectral_subtraction_u32(const tp_signal_spectral_subtraction_u32_t *p, uint32_t *state,
                                        const uint32_t *input, uint32_t *output, uint32_t *estimate) {
  every_other(p, p->even_take, p->even_keep, 0, state, input, output, estimate);
  every_other(p, p->odd_take, p->odd_keep, 1, state, input, output, estimate);
}
