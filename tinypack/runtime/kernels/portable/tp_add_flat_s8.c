/* Linear sums: an element takes 6 instructions with the DSP extension, 2.5 with MVE, 37 on a Cortex-M0. */
#include "tp_add_flat_s8.h"

#include "tp_add_flat_dsp.h"
#include "tp_add_flat_mve.h"

#define SUM_BITS 21

/* factor * x / 2^8, rounded down: of 40 bits, the upper 32. */
static inline int32_t scaled(int32_t factor, int32_t x) {
  return (factor >> 8) * x + (((factor & 0xff) * x) >> 8);
}

void tp_add_flat_s8_run(const tp_add_flat_s8_t *p, const int8_t *input_1, const int8_t *input_2, int8_t *output,
                        int32_t n) {
  const int32_t factor_1 = p->factor_1;
  const int32_t factor_2 = p->factor_2;
  const int32_t offset = p->offset;
  const int32_t lowest = p->act_min;
#if defined(TP_DSP)
#if defined(TP_MVE)
  const int32_t whole = n & ~15;
  if (whole > 0) {
    tp_add_flat_sixteens(factor_1, factor_2, offset, input_1, input_2, output, whole / 16, lowest);
  }
#else
  const int32_t whole = n & ~3;
  if (whole > 0) {
    tp_add_flat_fours(factor_1, factor_2, offset, input_1, input_2, output, whole);
    if (lowest != INT8_MIN) {
      tp_at_least_fours(output, whole, lowest);
    }
  }
#endif
  input_1 += whole;
  input_2 += whole;
  output += whole;
  n -= whole;
#endif
  for (; n > 0; n--) {
    const int32_t acc = offset + scaled(factor_1, *input_1++) + scaled(factor_2, *input_2++);
    *output++ = (int8_t)tp_clamp(acc >> SUM_BITS, lowest, INT8_MAX);
  }
}

void tp_add_flat_s8(const tp_add_flat_s8_t *p, const int8_t *input_1, const int8_t *input_2, int8_t *output) {
  tp_add_flat_s8_run(p, input_1, input_2, output, p->elements);
}
