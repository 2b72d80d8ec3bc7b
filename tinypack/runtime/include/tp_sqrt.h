/* Square roots of integers. */
#ifndef TP_SQRT_H
#define TP_SQRT_H

#include "tp_fixed.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Square root, rounded down, of 2^30 or more. */
static inline uint32_t tp_sqrt_top(uint32_t x) {
  /* A line within 7 % of the root, then Newton's steps, which end at it or just above: 0.3 %, 2^-18. */
  uint32_t root = (x >> 17) + 26624u;
  root = (root + x / root) >> 1;
  root = (root + x / root) >> 1;
  return (uint64_t)root * root > x ? root - 1 : root;
}

/* Square root, rounded to nearest. x: at most 2^62 */
static inline uint32_t tp_sqrt_64(uint64_t x) {
  uint32_t high = (uint32_t)(x >> 32), low = (uint32_t)x;
  int32_t half = 0;
  if (high == 0) {
    if (low == 0) return 0;
    high = low;
    low = 0;
    half = 16;
  }
  const int32_t up = tp_leading_zeros_32(high) & ~(int32_t)1;
  half += up / 2;
  high = high << up | low >> 1 >> (31 - up);
  low <<= up;
  const uint32_t root = tp_sqrt_top(high);
  /* One more of Newton's steps: 2^-32. */
  const uint32_t step = ((high - root * root) << 15 | low >> 17) / root;
  const uint32_t fine = (root << 16) + (step < UINT16_MAX ? step : UINT16_MAX);
  const uint32_t near = (fine >> half) + (fine << 1 >> half & 1u); /* by 1 at most beside the nearest */
  /* The nearest root r is that of r (r - 1) + 1 to r (r + 1). */
  const uint64_t left = x - 1 - (uint64_t)near * (near - 1);
  if (left >> 32 == 0 && (uint32_t)left >> 1 < near) return near;
  return left >> 63 != 0 ? near - 1 : near + 1;
}

#ifdef __cplusplus
}
#endif
#endif
