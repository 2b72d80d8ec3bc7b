#include "tp_signal_spectral_subtraction_u32.h"

void tp_signal_spectral_subtraction_u32(const tp_signal_spectral_subtraction_u32_t *p, uint32_t *state,
                                        const uint32_t *input, uint32_t *output, uint32_t *estimate) {
  for (int32_t i = 0; i < p->length; i++) {
    const uint32_t x = input[i], scaled = x << p->smoothing_bits;
    const uint64_t taken = (uint64_t)scaled * (i % 2 ? p->odd_take : p->even_take);
    const uint64_t kept = (uint64_t)state[i] * (i % 2 ? p->odd_keep : p->even_keep);
    const uint32_t smoothed = (uint32_t)((taken + kept) >> p->bits);
    const uint32_t held = smoothed < scaled ? smoothed : scaled;
    const uint32_t floor = (uint32_t)(((uint64_t)x * p->floor) >> p->bits);
    const uint32_t left = (scaled - held) >> p->smoothing_bits;
    state[i] = estimate[i] = p->clamp ? held : smoothed;
    output[i] = left > floor ? left : floor;
  }
}
