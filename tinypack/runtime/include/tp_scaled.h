/* Positive numbers of any size with 32 significant bits, for the few ratios and roots at the end of a computation. */
#ifndef TP_SCALED_H
#define TP_SCALED_H

#include "tp_fixed.h"

#ifdef __cplusplus
extern "C" {
#endif

/* mantissa * 2^exponent; the mantissa's top bit is set unless the number is 0. Each operation rounds down in the last
   bit: a relative error below 2^-31, of a root below 2^-30. */
typedef struct {
  uint32_t mantissa;
  int32_t exponent;
} tp_scaled_t;

/* x * 2^exponent */
static inline tp_scaled_t tp_scaled(uint64_t x, int32_t exponent) {
  tp_scaled_t made = {0, 0};
  if (x != 0) {
    const int32_t zeros = tp_leading_zeros_64(x);
    made.mantissa = (uint32_t)((x << zeros) >> 32);
    made.exponent = exponent + 32 - zeros;
  }
  return made;
}

static inline tp_scaled_t tp_scaled_mul(tp_scaled_t a, tp_scaled_t b) {
  return tp_scaled((uint64_t)a.mantissa * b.mantissa, a.exponent + b.exponent);
}

/* a / b. b: not 0 */
static inline tp_scaled_t tp_scaled_div(tp_scaled_t a, tp_scaled_t b) {
  return tp_scaled(((uint64_t)a.mantissa << 32) / b.mantissa, a.exponent - b.exponent - 32);
}

/* Square root, rounded down. */
static inline uint32_t tp_root_64(uint64_t x) {
  uint64_t root = 0;
  for (uint64_t bit = (uint64_t)1 << 62; bit != 0; bit >>= 2) {
    const uint64_t tried = root + bit;
    root >>= 1;
    if (x >= tried) {
      x -= tried;
      root += bit;
    }
  }
  return (uint32_t)root;
}

/* Square root, rounded to nearest. x: below 2^62 */
static inline int32_t tp_root_nearest(uint64_t x) {
  const uint32_t root = tp_root_64(x);
  return (int32_t)(root + (x - (uint64_t)root * root > root ? 1u : 0u));
}

static inline tp_scaled_t tp_scaled_root(tp_scaled_t a) {
  const int32_t up = 32 - (a.exponent & 1);
  return tp_scaled(tp_root_64((uint64_t)a.mantissa << up), (a.exponent - up) >> 1);
}

/* Fixed point with so many bits behind the point, rounded to nearest, saturated. */
static inline int32_t tp_scaled_fixed(tp_scaled_t a, int32_t bits) {
  const int32_t down = -(a.exponent + bits);
  if (a.mantissa == 0 || down > 32) return 0;
  if (down <= 0) return INT32_MAX;
  const uint64_t nearest = (a.mantissa + ((uint64_t)1 << (down - 1))) >> down;
  return nearest > INT32_MAX ? INT32_MAX : (int32_t)nearest;
}

/* Logarithm to base 2, Q20, rounded down; the error is below 2^-19. a: not 0 */
static inline int32_t tp_scaled_log2(tp_scaled_t a) {
  uint32_t m = a.mantissa;
  int32_t log = a.exponent + 31;
  for (int32_t i = 0; i < 20; i++) {
    const uint64_t square = (uint64_t)m * m;
    const uint32_t carry = (uint32_t)(square >> 63);
    m = (uint32_t)(square >> (31 + carry));
    log = log * 2 + (int32_t)carry;
  }
  return log;
}

#ifdef __cplusplus
}
#endif
#endif
