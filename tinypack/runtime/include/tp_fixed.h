/* Fixed-point arithmetic that feature kernels share. */
#ifndef TP_FIXED_H
#define TP_FIXED_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Count of zero bits above the highest set one. x: not 0 */
static inline int32_t tp_leading_zeros_32(uint32_t x) {
#if defined(__GNUC__)
  return sizeof(int) == 4 ? __builtin_clz((unsigned int)x) : __builtin_clzl((unsigned long)x);
#else
  int32_t n = 0;
  for (; x < 0x80000000u; x <<= 1) n++;
  return n;
#endif
}

/* The same of 64 bits. x: not 0 */
static inline int32_t tp_leading_zeros_64(uint64_t x) {
  const uint32_t high = (uint32_t)(x >> 32);
  return high != 0 ? tp_leading_zeros_32(high) : 32 + tp_leading_zeros_32((uint32_t)x);
}

/* x * 2^bits. bits: 0..31; what leaves the top is lost */
static inline int32_t tp_shift_left(int32_t x, int32_t bits) {
  return (int32_t)((uint32_t)x << bits);
}

/* x / 4, rounded to nearest, ties to even: always up would add up where many values are summed. */
static inline int32_t tp_quarter(int32_t x) {
  return (x + 1 + ((x >> 2) & 1)) >> 2;
}

/* All ones above the highest bit that x needs, turned positive: ORed over numbers, it tells how large they are. */
static inline uint32_t tp_size(int32_t x) {
  return (uint32_t)(x ^ (x >> 31));
}

/* Upper half of a * b, rounded down. */
static inline int32_t tp_mul_high(int32_t a, int32_t b) {
  return (int32_t)(((int64_t)a * b) >> 32);
}

/* Upper half of a * b + c * d, rounded to nearest, ties up. */
static inline int32_t tp_mul_add_high(int32_t a, int32_t b, int32_t c, int32_t d) {
  return (int32_t)((((int64_t)1 << 31) + (int64_t)a * b + (int64_t)c * d) >> 32);
}

/* Upper half of a * b - c * d, rounded to nearest, ties up. */
static inline int32_t tp_mul_sub_high(int32_t a, int32_t b, int32_t c, int32_t d) {
  return (int32_t)((((int64_t)1 << 31) + (int64_t)a * b - (int64_t)c * d) >> 32);
}

#ifdef __cplusplus
}
#endif
#endif
