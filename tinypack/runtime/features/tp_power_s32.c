#include "tp_power_s32.h"

void tp_power_s32(const tp_power_s32_t *p, const int32_t *input, uint32_t *output) {
  for (int32_t i = 0; i < p->length; i++) {
    const int32_t re = input[2 * i], im = input[2 * i + 1];
    const uint64_t power = (uint64_t)((int64_t)re * re + (int64_t)im * im);
    output[2 * i] = (uint32_t)power;
    output[2 * i + 1] = (uint32_t)(power >> 32);
  }
}
