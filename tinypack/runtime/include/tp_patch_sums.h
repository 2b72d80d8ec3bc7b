/* Sums over a patch: portable, 5 instructions for each element; by the DSP extension 9 for eight channels, by MVE 6 for
   sixteen. */
#ifndef TP_PATCH_SUMS_H
#define TP_PATCH_SUMS_H

#include "tp_patch.h"
#include "tp_patch_dsp.h"
#include "tp_patch_mve.h"

/* Channels that are summed at once, at most. */
#if defined(TP_MVE)
#define TP_PATCH_CHANNELS 16
#elif defined(TP_DSP)
#define TP_PATCH_CHANNELS 8
#else
#define TP_PATCH_CHANNELS 1
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* One channel. Its pointer moves on: an address of its own for each pixel would cost more than the sum. */
static inline int32_t tp_patch_sum(const int8_t *x, const tp_patch_t *of) {
  int32_t acc = 0;
  int32_t rows = of->rows;
  do {
    int32_t columns = of->columns;
    do {
      acc += *x;
      x += of->step;
    } while (--columns > 0);
    x += of->gap;
  } while (--rows > 0);
  return acc;
}

/* The first of n channels that lie side by side; gives how many those are. */
static inline int32_t tp_patch_sums(const int8_t *x, const tp_patch_t *of, int32_t n, int32_t *sums) {
#if defined(TP_DSP)
  const int32_t halfwords = of->rows * of->columns <= TP_PATCH_PIXELS;
#if defined(TP_MVE)
  if (n >= 16 && halfwords) {
    tp_patch_sums_16(x, of, sums);
    return 16;
  }
#endif
  if (n >= 8 && halfwords) {
    tp_patch_sums_8(x, of, sums);
    return 8;
  }
#endif
  (void)n;
  *sums = tp_patch_sum(x, of);
  return 1;
}

#ifdef __cplusplus
}
#endif
#endif
