/* Fixed-point arithmetic that feature kernels share. */
#ifndef TP_FIXED_H
#define TP_FIXED_H

#include <string.h>

#include "tp_common.h"
#include "tp_functions.h"

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

static TP_APART TP_UNUSED int32_t tp_shift_right_below_32(int64_t x, int32_t bits) {
  const int32_t high = (int32_t)(x >> 32), result = (int32_t)((uint32_t)x >> bits | (uint32_t)high << 1 << (31 - bits));
  return high >> bits == result >> 31 ? result : high < 0 ? INT32_MIN : INT32_MAX;
}

/* x / 2^bits, rounded down, saturated. bits: 0..62, best of all from 32 on */
static inline int32_t tp_shift_right_64(int64_t x, int32_t bits) {
  return bits >= 32 ? (int32_t)(x >> 32) >> (bits - 32) : tp_shift_right_below_32(x, bits);
}

/* x within -128..127 */
static TP_INLINE int8_t tp_saturated_s8(int32_t x) {
#ifdef TP_DSP
  __asm__("ssat %0, #8, %0" : "+r"(x));
  return (int8_t)x;
#else
  return (int8_t)tp_clamp(x, -128, 127);
#endif
}

/* a * b, and sum + a * b: compilers have their own ideas of what they know of the factors, and take more for it. */
static TP_INLINE int64_t tp_product(int32_t a, int32_t b) {
#ifdef TP_DSP
  int64_t product;
  __asm__("smull %Q0, %R0, %1, %2" : "=r"(product) : "r"(a), "r"(b));
  return product;
#else
  return (int64_t)a * b;
#endif
}

static TP_INLINE int64_t tp_add_product(int64_t sum, int32_t a, int32_t b) {
#ifdef TP_DSP
  __asm__("smlal %Q0, %R0, %1, %2" : "+r"(sum) : "r"(a), "r"(b));
  return sum;
#else
  return sum + (int64_t)a * b;
#endif
}

static TP_INLINE uint64_t tp_add_product_u(uint64_t sum, uint32_t a, uint32_t b) {
#ifdef TP_DSP
  __asm__("umlal %Q0, %R0, %1, %2" : "+r"(sum) : "r"(a), "r"(b));
  return sum;
#else
  return sum + (uint64_t)a * b;
#endif
}

/* x, or its complement where it is negative: of all numbers ORed, the highest bit tells how large they are. */
static inline uint32_t tp_size(int32_t x) {
  return (uint32_t)(x ^ (x >> 31));
}

/* OR of the sizes of samples. */
static inline uint32_t tp_size_s16(const int16_t *x, int32_t length) {
  uint32_t size = 0;
#ifdef TP_DSP
  /* Where neighbours differ, of eight samples in 15 instructions; not in the lowest bits. */
  for (int32_t left = length >> 3; left > 0; left--, x += 8) {
    uint32_t a, b, c, d;
    memcpy(&a, x, 4);
    memcpy(&b, x + 2, 4);
    memcpy(&c, x + 4, 4);
    memcpy(&d, x + 6, 4);
    size = size | (a ^ a << 1) | (b ^ b << 1) | (c ^ c << 1) | (d ^ d << 1);
  }
  size = ((size | size >> 16) & 0xFFFEu) >> 1;
  length &= 7;
#else
  for (; length > 1; length -= 2, x += 2) size |= tp_size(x[0]) | tp_size(x[1]);
#endif
  for (; length > 0; length--) size |= tp_size(*x++);
  return size;
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
