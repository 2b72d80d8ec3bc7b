#include "tp_power_s32.h"

#include "tp_two_words.h"

static TP_INLINE void power(const int32_t **input, int32_t **output) {
  int32_t re, im;
  tp_take_s32(input, &re, &im);
  const int64_t power = (int64_t)re * re + (int64_t)im * im;
  tp_give_s32(output, (int32_t)power, (int32_t)(power >> 32));
}

/* A bin: a load of both parts, two products, a store of both halves; 4 instructions with the DSP extension, and 2 for
   the loop over four. */
void tp_power_s32(const tp_power_s32_t *p, const int32_t *input, uint32_t *output) {
  int32_t left = p->length, *halves = (int32_t *)output;
#ifdef TP_DSP
  for (int32_t fours = left >> 2; fours > 0; fours--) {
    power(&input, &halves);
    power(&input, &halves);
    power(&input, &halves);
    power(&input, &halves);
  }
  left &= 3;
#endif
  for (; left > 0; left--) power(&input, &halves);
}
