/* Maxima: portable, 6 instructions for each element; by the DSP extension 11 for eight channels, by MVE 4 for
   sixteen. */
#include "tp_cold.h"

#include "tp_max_pool_2d_s8.h"

#include "tp_fixed.h"
#include "tp_patch_dsp.h"
#include "tp_patch_mve.h"

/* Of one channel. */
static inline int32_t largest(const int8_t *x, const tp_patch_t *patch, int32_t lowest) {
  int32_t best = lowest;
  int32_t rows = patch->rows;
  do {
    int32_t columns = patch->columns;
    do {
      best = *x > best ? *x : best;
      x += patch->step;
    } while (--columns > 0);
    x += patch->gap;
  } while (--rows > 0);
  return best;
}

TP_APART static void maximum(const tp_pool_t *p, const int8_t *x, const tp_patch_t *patch, int8_t *output) {
  const int8_t *end = x + p->depth;
#if defined(TP_MVE)
  for (; end - x >= 16; x += 16, output += 16) {
    tp_patch_maxima_16(x, patch, p->act_min, p->act_max, output);
  }
#endif
#if defined(TP_DSP)
  const uint32_t lowest = (uint8_t)p->act_min * 0x01010101u;
  const uint32_t highest = (uint8_t)p->act_max * 0x01010101u;
  for (; end - x >= 8; x += 8, output += 8) {
    tp_patch_maxima_8(x, patch, lowest, highest, output);
  }
#endif
  for (; x != end; x++) {
    const int32_t best = largest(x, patch, p->act_min);
    *output++ = (int8_t)(best > p->act_max ? p->act_max : best);
  }
}

void tp_max_pool_2d_s8(const tp_max_pool_2d_s8_t *p, const int8_t *input, int8_t *output) {
  tp_pool_each(p, input, output, maximum);
}
