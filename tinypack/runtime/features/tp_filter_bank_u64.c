#include "tp_filter_bank_u64.h"

#include "tp_filter_bank_dsp.h"

#ifndef TP_DSP

/* (high * 2^32 + low) / 2^shift, by shifts of 32 bits: compilers' shifts of 64 are slow. */
static void store(uint32_t *output, uint64_t high, uint64_t low, int32_t shift) {
  const int32_t up = 32 - shift;
  const uint32_t a0 = (uint32_t)low, a1 = (uint32_t)(low >> 32), b0 = (uint32_t)high, b1 = (uint32_t)(high >> 32);
  const uint64_t sum = ((uint64_t)(a1 >> shift) << 32 | (a0 >> shift | a1 << up)) +
                       ((uint64_t)(b1 << up | b0 >> shift) << 32 | b0 << up);
  output[0] = (uint32_t)sum;
  output[1] = (uint32_t)(sum >> 32);
}

static void filter_bank(const tp_filter_bank_u64_t *p, const uint32_t *input, uint32_t *output) {
  const uint16_t *weight = p->weight;
  for (int32_t i = 0; i < p->filters; i++) {
    const uint32_t *x = input + 2 * p->start[i];
    const uint16_t *const end = weight + p->count[i];
    uint64_t low = 0, high = 0; /* sums of the halves: products of 80 bits don't fit one */
    if (p->wide) {
      for (; weight < end; x += 2) {
        const uint32_t w = *weight++;
        low += (uint64_t)w * x[0];
        high += (uint64_t)w * x[1];
      }
    } else {
      for (; weight < end; x += 2) {
        const uint32_t w = *weight++;
        low += (uint64_t)w * x[0];
      }
    }
    store(output + 2 * i, high, low, p->shift);
  }
}

#endif

void tp_filter_bank_u64(const tp_filter_bank_u64_t *p, const uint32_t *input, uint32_t *output) {
#ifdef TP_DSP
  const tp_filter_bank_dsp_t bank = {p->weight, p->start, p->count, output + 2 * p->filters, p->shift, 32 - p->shift};
  tp_filter_bank_dsp(&bank, input, output);
#else
  filter_bank(p, input, output);
#endif
}
