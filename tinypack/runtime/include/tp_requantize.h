/* Rescaling of accumulators, bit-exact with TensorFlow Lite Micro's double-rounding fixed point. */
#ifndef TP_REQUANTIZE_H
#define TP_REQUANTIZE_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

/* a * b / 2^31, rounded to nearest, ties up. b: >= 0 */
static inline int32_t tp_doubling_high_mul(int32_t a, int32_t b) {
#if defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB == 1
  /* Armv6-M multiplies 32 bits by 32 to 32: by halves it takes half of what the library's 64 bits take. No sum here
     overflows, and what the lowest 16 bits hold changes nothing. */
  const int32_t low = a & 0xffff;
  const int32_t high = a >> 16;
  const int32_t b_low = b & 0xffff;
  const int32_t b_high = b >> 16;
  const int32_t middle = high * b_low + (int32_t)((uint32_t)low * (uint32_t)b_low >> 16);
  const int32_t upper = low * b_high + (middle & 0xffff);
  const int32_t top = high * b_high + (middle >> 16) + (upper >> 16);
  return (int32_t)((uint32_t)top << 1) + ((((upper & 0xffff) >> 14) + 1) >> 1);
#else
  return (int32_t)(((int64_t)a * b + ((int64_t)1 << 30)) >> 31);
#endif
}

/* x / 2^exponent, rounded to nearest, ties away from zero: a negative number less 1 has its ties just below them.
   exponent: 0..31; x: above INT32_MIN */
static inline int32_t tp_rounding_shift_right(int32_t x, int exponent) {
  return exponent == 0 ? x : (((x + (x >> 31)) >> (exponent - 1)) + 1) >> 1;
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
