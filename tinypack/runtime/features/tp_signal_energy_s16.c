#include "tp_signal_energy_s16.h"

#include "tp_halves.h"

static TP_INLINE uint32_t energy(const int16_t *bin) {
#ifdef TP_DSP
  return tp_square_halves(tp_load_halves(bin));
#else
  const int32_t re = bin[0], im = bin[1];
  return (uint32_t)(re * re) + (uint32_t)(im * im);
#endif
}

/* A bin: 3 instructions with the DSP extension, and 5 for the loop over four. */
void tp_signal_energy_s16(const tp_signal_energy_s16_t *p, const int16_t *input, uint32_t *output) {
  const uint32_t *const start = output + p->start, *const end = output + p->end, *const last = output + p->bins;
  input += 2 * p->start;
  while (output < start) *output++ = 0;
  for (; end - output >= 4; input += 8, output += 4) {
    output[0] = energy(input);
    output[1] = energy(input + 2);
    output[2] = energy(input + 4);
    output[3] = energy(input + 6);
  }
  for (; output < end; input += 2) *output++ = energy(input);
  while (output < last) *output++ = 0;
}
