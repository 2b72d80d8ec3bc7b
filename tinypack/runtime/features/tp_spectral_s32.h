#ifndef TP_SPECTRAL_S32_H
#define TP_SPECTRAL_S32_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const uint8_t *choice; /* [statistics], of the enumeration in tp_moments.h */
  const int32_t *taper;       /* [fft], Q30; NULL: none */
  const int32_t *twiddle;     /* as tp_rfft_s32 has them */
  const int32_t *twiddle_2_3; /* too */
  int32_t fft;                /* length of a segment: a power of 2, 16..4096 */
  int32_t statistics;
  int32_t channels;
  int32_t length;       /* of the window: 2..8192 */
  int32_t segments;     /* the last ones may reach beyond the window: zeros */
  int32_t step;         /* samples from one segment to the next */
  int32_t hold_largest; /* 0: powers of segments are added up, 1: the largest is kept */
  int32_t down;         /* powers of the scaled signal are divided by 2^down, which leaves them below 2^63 */
  int32_t halve_ends;   /* 1: the first and the last bin have half the weight of the others */
  int32_t shape;        /* 1: skewness and kurtosis of the powers, before the bins */
  uint32_t scale;       /* a power is times scale * 2^scale_exponent; the top bit is set */
  int32_t scale_exponent;
  int32_t log;      /* 1: powers as logarithms to base 10, Q16; 0: linear, fixed point of `bits` */
  int32_t bits;     /* behind the point */
  int32_t floor;    /* of the logarithm, Q16 */
  int32_t first;    /* bin */
  int32_t end;      /* bin behind the last one */
  int32_t peaks;    /* count; each has two features: bin (0: none) and power */
  int32_t at_least; /* of a peak's power, as a share of the largest, Q15 */
} tp_spectral_s32_t;

/* signals [channels, length], Q10, within +-(2^27 - 1) -> features [channels, statistics + 2 shape + end - first +
   2 peaks]. powers [fft / 2 + 1] and work [fft + 2] are scratch memory. */
void tp_spectral_s32(const tp_spectral_s32_t *p, const int32_t *signals, int32_t *features, uint64_t *powers,
                     int32_t *work);

#ifdef __cplusplus
}
#endif
#endif
