#include "tp_magnitude_s32.h"

#include "tp_sqrt.h"

void tp_magnitude_s32(const tp_magnitude_s32_t *p, const int32_t *input, uint32_t *output) {
  for (int32_t i = 0; i < p->length; i++) {
    const int32_t re = input[2 * i], im = input[2 * i + 1];
    output[2 * i] = tp_sqrt_64((uint64_t)((int64_t)re * re + (int64_t)im * im));
    output[2 * i + 1] = 0;
  }
}
