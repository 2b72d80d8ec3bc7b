#include "tp_signal_filter_bank_u64.h"

#include "tp_signal_filter_bank_dsp.h"

void tp_signal_filter_bank_u64(const tp_signal_filter_bank_u64_t *p, const uint32_t *input, uint64_t *output) {
#ifdef TP_DSP
  tp_signal_slopes(p, input, output, output + p->channels);
#else
  const uint16_t *weight = p->weight;
  uint64_t rising = 0;
  for (int32_t i = 0; i <= p->channels; i++) {
    const uint32_t *x = input + p->start[i];
    uint64_t falling = rising;
    rising = 0;
    for (const uint32_t *end = x + p->width[i]; x < end; weight += 2) {
      const uint64_t energy = *x++;
      falling += energy * weight[0];
      rising += energy * weight[1];
    }
    if (i > 0) output[i - 1] = falling;
  }
#endif
}
