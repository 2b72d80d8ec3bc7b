/* Square roots of integers. */
#ifndef TP_SQRT_H
#define TP_SQRT_H

#include "tp_fixed.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Square root, rounded to nearest. x: at most 2^62 */
static inline uint32_t tp_sqrt_64(uint64_t x) {
  if (x == 0) return 0;
  const int32_t half = tp_leading_zeros_64(x) / 2;
  const uint64_t moved = x << (2 * half);
  const uint32_t high = (uint32_t)(moved >> 32);
  /* A line within 7 % of the root, then Newton's steps, which end at it or just above: 0.3 %, 2^-18, 2^-32. */
  uint32_t root = (high >> 17) + 26624u;
  root = (root + high / root) >> 1;
  root = (root + high / root) >> 1;
  if ((uint64_t)root * root > high) root--;
  const uint32_t rest = (uint32_t)((moved - ((uint64_t)(root * root) << 32)) >> 17);
  const uint64_t fine = ((uint64_t)root << 16) + rest / root;
  uint32_t result = (uint32_t)((fine + ((uint32_t)1 << half >> 1)) >> half);
  const int64_t left = (int64_t)(x - (uint64_t)result * result);
  if (left > (int64_t)result) result++;
  if (left <= -(int64_t)result) result--;
  return result;
}

#ifdef __cplusplus
}
#endif
#endif
