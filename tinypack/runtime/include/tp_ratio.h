/* Products with a real factor in integers, up to a cap. */
#ifndef TP_RATIO_H
#define TP_RATIO_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

/* (x >> drop) * multiplier / 2^shift, rounded down, or `cap` from x = most on.
   x: 0..2^63 - 1; most >> drop and multiplier: up to 30 bits; drop, shift: 0..62 */
static inline int64_t tp_ratio(int64_t x, int64_t most, int32_t drop, int32_t multiplier, int32_t shift, int64_t cap) {
  return x >= most ? cap : ((x >> drop) * multiplier) >> shift;
}

#ifdef __cplusplus
}
#endif
#endif
