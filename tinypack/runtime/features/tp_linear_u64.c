#include "tp_linear_u64.h"

#include "tp_fixed.h"

void tp_linear_u64(const tp_linear_u64_t *p, const uint32_t *input, const int32_t *exponent, int32_t *output) {
  const int32_t shift = p->shift - p->order * *exponent;
  for (int32_t i = 0; i < p->length; i++) {
    const uint64_t x = tp_joined(input + 2 * i);
    int32_t result = 0;
    if (x != 0) {
      const int32_t zeros = tp_leading_zeros_64(x);
      const uint64_t product = (x << zeros >> 32) * p->factor; /* 2^62 or more */
      const int32_t down = shift - 32 + zeros;
      if (down < 32)
        result = p->highest;
      else if (down <= 64) {
        const uint64_t rounded = ((product >> (down - 1)) + 1) >> 1;
        result = rounded < (uint32_t)p->highest ? (int32_t)rounded : p->highest;
      }
    }
    output[i] = result;
  }
}
