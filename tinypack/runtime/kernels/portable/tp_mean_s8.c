#include "tp_mean_s8.h"

#include "tp_requantize.h"

void tp_mean_s8(const tp_mean_s8_t *p, const int8_t *input, int8_t *output) {
  const int32_t run = p->reduced_1 * p->inner;
  for (int32_t o = 0; o < p->outer; o++) {
    for (int32_t m = 0; m < p->middle; m++) {
      for (int32_t i = 0; i < p->inner; i++) {
        int32_t acc = p->offset;
        for (int32_t r = 0; r < p->reduced_0; r++) {
          const int8_t *x = input + ((r * p->middle + m) * run + i);
          for (int32_t s = 0; s < p->reduced_1; s++) {
            acc += x[s * p->inner];
          }
        }
        acc = tp_requantize(acc, p->multiplier, p->shift) + p->out_zero_point;
        *output++ = (int8_t)tp_clamp(acc, INT8_MIN, INT8_MAX);
      }
    }
    input += p->reduced_0 * p->middle * run;
  }
}
