#include "tp_signal_energy_s16.h"

void tp_signal_energy_s16(const tp_signal_energy_s16_t *p, const int16_t *input, uint32_t *output) {
  for (int32_t i = 0; i < p->start; i++) output[i] = 0;
  for (int32_t i = p->start; i < p->end; i++) {
    const int32_t re = input[2 * i], im = input[2 * i + 1];
    output[i] = (uint32_t)(re * re) + (uint32_t)(im * im);
  }
  for (int32_t i = p->end; i < p->bins; i++) output[i] = 0;
}
