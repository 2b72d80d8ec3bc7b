#include "tp_signal_square_root_u64.h"

#include "tp_sqrt.h"

#ifdef TP_DSP

/* Rounded down; x is what the square leaves. These cores divide: 30 instructions. */
static inline uint32_t root_32(uint32_t *x) {
  if (*x == 0) return 0;
  const int32_t half = tp_leading_zeros_32(*x) / 2;
  const uint32_t root = tp_sqrt_top(*x << (2 * half)) >> half;
  *x -= root * root;
  return root;
}

#else

/* Rounded down, digit by digit; x is what the square leaves. */
static uint32_t root_32(uint32_t *x) {
  uint32_t rest = *x, root = 0;
  for (uint32_t bit = (uint32_t)1 << 30; bit != 0; bit >>= 2) {
    const uint32_t square = root + bit;
    root >>= 1;
    if (rest >= square) {
      rest -= square;
      root += bit;
    }
  }
  *x = rest;
  return root;
}

#endif

/* Rounded to nearest, but never to 65536: 16 bits held it where this comes from. */
static uint32_t rounded_root_32(uint32_t x) {
  const uint32_t root = root_32(&x);
  return root + (x > root && root != UINT16_MAX);
}

/* From the root of the upper bits, 30 to 32 of them, the lower half of the digits by a division (Zimmermann, "Karatsuba
   Square Root", 1999). x: 2^32..2^62 - 1 */
static uint32_t rounded_root_64(uint64_t x) {
  const int32_t half = (33 - tp_leading_zeros_32((uint32_t)(x >> 32))) / 2; /* 1..15 */
  const uint32_t mask = ((uint32_t)1 << half) - 1;
  uint32_t rest = (uint32_t)(x >> (2 * half));
  const uint32_t top = root_32(&rest);
  const uint32_t dividend = (rest << half) + ((uint32_t)(x >> half) & mask);
  const uint32_t digits = dividend / (2 * top);
  uint32_t root = (top << half) + digits;
  int64_t left = ((int64_t)(dividend - 2 * top * digits) << half) + ((uint32_t)x & mask) - (int64_t)digits * digits;
  if (left < 0) left += 2 * (int64_t)root-- - 1;
  return root + (left > root);
}

void tp_signal_square_root_u64(const tp_signal_square_root_u64_t *p, const uint64_t *input, const int32_t *bits,
                               uint32_t *output) {
  for (int32_t i = 0; i < p->length; i++) {
    const uint64_t x = input[i];
    output[i] = ((x >> 32) != 0 ? rounded_root_64(x) : rounded_root_32((uint32_t)x)) >> *bits;
  }
}
