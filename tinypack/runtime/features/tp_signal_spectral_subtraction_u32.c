#include "tp_signal_spectral_subtraction_u32.h"

void tp_signal_spectral_subtraction_u32(const tp_signal_spectral_subtraction_u32_t *p, uint32_t *state,
                                        const uint32_t *input, uint32_t *output, uint32_t *estimate) {
  uint32_t take = p->even_take, keep = p->even_keep, next_take = p->odd_take, next_keep = p->odd_keep;
  for (int32_t i = 0; i < p->length; i++) {
    const uint32_t x = input[i], scaled = x << p->smoothing_bits;
    const uint32_t smoothed = (uint32_t)(((uint64_t)scaled * take + (uint64_t)state[i] * keep) >> p->bits);
    const uint32_t held = smoothed < scaled ? smoothed : scaled;
    const uint32_t floor = (uint32_t)(((uint64_t)x * p->floor) >> p->bits);
    const uint32_t left = (scaled - held) >> p->smoothing_bits;
    state[i] = estimate[i] = p->clamp ? held : smoothed;
    output[i] = left > floor ? left : floor;
    const uint32_t old_take = take, old_keep = keep;
    take = next_take;
    keep = next_keep;
    next_take = old_take;
    next_keep = old_keep;
  }
}
