/* Fixed-point arithmetic that feature kernels share. */
#ifndef TP_FIXED_H
#define TP_FIXED_H

#include "tp_common.h"

/* Of functions with loops that need all registers for themselves. */
#if defined(__GNUC__)
#define TP_APART __attribute__((noinline))
#else
#define TP_APART
#endif

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

/* 64 bits from two halves, the lower first. Compilers multiply and add halves best where they stand apart. */
static inline uint64_t tp_joined(const uint32_t *x) {
  return (uint64_t)x[1] << 32 | x[0];
}

/* x * 2^bits. bits: 0..31; what leaves the top is lost */
static inline int32_t tp_shift_left(int32_t x, int32_t bits) {
  return (int32_t)((uint32_t)x << bits);
}

/* x, or its complement where it is negative: of all numbers ORed, the highest bit tells how large they are. */
static inline uint32_t tp_size(int32_t x) {
  return (uint32_t)(x ^ (x >> 31));
}

/* OR of the sizes of samples, of two at a time. */
static inline uint32_t tp_size_s16(const int16_t *x, int32_t length) {
  uint32_t size = 0;
  for (; length > 1; length -= 2, x += 2) size |= tp_size(x[0]) | tp_size(x[1]);
  return length > 0 ? size | tp_size(x[0]) : size;
}

/* Upper half of a * b, rounded down. */
static inline int32_t tp_mul_high(int32_t a, int32_t b) {
  return (int32_t)(((int64_t)a * b) >> 32);
}

/* x / 2^32, rounded to nearest, ties up. */
static inline int32_t tp_rounded_high(int64_t x) {
  return (int32_t)(x >> 32) + (int32_t)((uint32_t)x >> 31);
}

#ifdef __cplusplus
}
#endif
#endif
