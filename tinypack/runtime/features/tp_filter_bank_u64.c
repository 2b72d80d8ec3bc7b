#include "tp_filter_bank_u64.h"

void tp_filter_bank_u64(const tp_filter_bank_u64_t *p, const uint64_t *input, uint64_t *output) {
  const uint16_t *weight = p->weight;
  for (int32_t i = 0; i < p->filters; i++) {
    const uint64_t *x = input + p->start[i];
    const uint16_t *const end = weight + p->count[i];
    uint64_t low = 0, high = 0; /* sums of the halves: products of 80 bits don't fit one */
    if (p->wide) {
      for (; weight < end; weight++, x++) {
        low += (uint64_t)(uint32_t)*x * *weight;
        high += (*x >> 32) * *weight;
      }
    } else {
      for (; weight < end; weight++, x++) low += (uint64_t)(uint32_t)*x * *weight;
    }
    output[i] = (high << (32 - p->shift)) + (low >> p->shift);
  }
}
