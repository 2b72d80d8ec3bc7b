#include "tp_signal_energy_s16.h"

void tp_signal_energy_s16(const tp_signal_energy_s16_t *p, const int16_t *input, uint32_t *output) {
  const uint32_t *const start = output + p->start, *const end = output + p->end, *const last = output + p->bins;
  input += 2 * p->start;
  while (output < start) *output++ = 0;
  for (; output < end; input += 2) {
    const int32_t re = input[0], im = input[1];
    *output++ = (uint32_t)(re * re) + (uint32_t)(im * im);
  }
  while (output < last) *output++ = 0;
}
