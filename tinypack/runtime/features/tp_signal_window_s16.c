#include "tp_signal_window_s16.h"

#include "tp_halves.h"

static TP_INLINE int32_t saturated(int32_t x) {
#ifdef TP_DSP
  __asm__("ssat %0, #16, %0" : "+r"(x));
  return x;
#else
  return x == (int16_t)x ? x : (x >> 31) ^ INT16_MAX;
#endif
}

#ifdef TP_DSP
static TP_INLINE void weigh_two(const int16_t *input, const int16_t *weight, int32_t shift, int16_t *output) {
  const uint32_t x = tp_load_halves(input), w = tp_load_halves(weight);
  const int32_t lower = saturated(tp_multiply_lower(x, w) >> shift);
  const int32_t upper = saturated(tp_multiply_upper(x, w) >> shift);
  tp_store_halves(output, tp_pack_lower(lower, upper));
}
#endif

/* Two samples: 10 instructions with the DSP extension, and 5 for the loop over four. */
void tp_signal_window_s16(const tp_signal_window_s16_t *p, const int16_t *input, int16_t *output) {
  const int16_t *weight = p->weight, *const end = input + p->length;
  const int32_t shift = p->shift;
#ifdef TP_DSP
  for (const int16_t *const fours = input + (p->length & ~(int32_t)3); input < fours;) {
    weigh_two(input, weight, shift, output);
    weigh_two(input + 2, weight + 2, shift, output + 2);
    input += 4;
    weight += 4;
    output += 4;
  }
#endif
  while (input < end) *output++ = (int16_t)saturated(((int32_t)*input++ * *weight++) >> shift);
}
