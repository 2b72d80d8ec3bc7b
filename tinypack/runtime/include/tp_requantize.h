/* Rescaling of accumulators, bit-exact with TensorFlow Lite Micro's double-rounding fixed point. */
#ifndef TP_REQUANTIZE_H
#define TP_REQUANTIZE_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

/* a * b / 2^31, rounded to nearest, ties up. Not for INT32_MIN * INT32_MIN, the one case that would saturate. */
static inline int32_t tp_doubling_high_mul(int32_t a, int32_t b) {
  return (int32_t)(((int64_t)a * b + ((int64_t)1 << 30)) >> 31);
}

/* x / 2^exponent, rounded to nearest, ties away from zero. exponent: 0..31 */
static inline int32_t tp_rounding_shift_right(int32_t x, int exponent) {
  const int32_t mask = (int32_t)(((uint32_t)1 << exponent) - 1u);
  const int32_t threshold = (mask >> 1) + (x < 0 ? 1 : 0);
  return (x >> exponent) + ((x & mask) > threshold ? 1 : 0);
}

/* x * multiplier * 2^(shift - 31). multiplier: Q31, >= 0; shift: -31..31, positive is left.
   A left shift wraps as it does in TensorFlow Lite Micro. */
static inline int32_t tp_requantize(int32_t x, int32_t multiplier, int shift) {
  const int left = shift > 0 ? shift : 0;
  const int right = shift > 0 ? 0 : -shift;
  return tp_rounding_shift_right(tp_doubling_high_mul((int32_t)((uint32_t)x << left), multiplier), right);
}

#ifdef __cplusplus
}
#endif
#endif
