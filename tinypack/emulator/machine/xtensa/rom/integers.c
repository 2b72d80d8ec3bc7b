/* Arithmetic on integers that an ESP8266 has in ROM, and libgcc for this core therefore leaves out. */
#include <stdint.h>

typedef struct {
  uint64_t quotient, rest;
} division_t;

static division_t divide(uint64_t x, uint64_t y) {
  division_t d = {0, x};
  int shift = 0;
  while (y < x && y >> 63 == 0) {
    y <<= 1;
    shift++;
  }
  for (; shift >= 0; shift--, y >>= 1) {
    d.quotient <<= 1;
    if (d.rest >= y) {
      d.rest -= y;
      d.quotient |= 1u;
    }
  }
  return d;
}

uint64_t __udivdi3(uint64_t x, uint64_t y) {
  return divide(x, y).quotient;
}

uint64_t __umoddi3(uint64_t x, uint64_t y) {
  return divide(x, y).rest;
}

int64_t __divdi3(int64_t x, int64_t y) {
  const uint64_t quotient = divide(x < 0 ? 0u - (uint64_t)x : (uint64_t)x, y < 0 ? 0u - (uint64_t)y : (uint64_t)y).quotient;
  return (int64_t)((x < 0) != (y < 0) ? 0u - quotient : quotient);
}

uint32_t __udivsi3(uint32_t x, uint32_t y) {
  uint32_t quotient = 0;
  int shift = 0;
  while (y < x && y >> 31 == 0) {
    y <<= 1;
    shift++;
  }
  for (; shift >= 0; shift--, y >>= 1) {
    quotient <<= 1;
    if (x >= y) {
      x -= y;
      quotient |= 1u;
    }
  }
  return quotient;
}

uint32_t __umodsi3(uint32_t x, uint32_t y) {
  return x - __udivsi3(x, y) * y;
}

int32_t __divsi3(int32_t x, int32_t y) {
  const uint32_t quotient = __udivsi3(x < 0 ? 0u - (uint32_t)x : (uint32_t)x, y < 0 ? 0u - (uint32_t)y : (uint32_t)y);
  return (int32_t)((x < 0) != (y < 0) ? 0u - quotient : quotient);
}

/* The core multiplies 32 bits by 32 and keeps the lower 32, or 16 by 16. */
static inline __attribute__((always_inline)) uint64_t product(uint32_t x, uint32_t y) {
  const uint32_t a = x >> 16, b = x & 0xFFFFu, c = y >> 16, d = y & 0xFFFFu;
  const uint32_t middle = a * d + (b * d >> 16);
  const uint32_t carried = b * c + (middle & 0xFFFFu);
  const uint32_t high = a * c + (middle >> 16) + (carried >> 16);
  return (uint64_t)high << 32 | (carried << 16 | (b * d & 0xFFFFu));
}

uint64_t __umulsidi3(uint32_t x, uint32_t y) {
  return product(x, y);
}

uint64_t __muldi3(uint64_t x, uint64_t y) {
  const uint32_t crossed = (uint32_t)(x >> 32) * (uint32_t)y + (uint32_t)x * (uint32_t)(y >> 32);
  return product((uint32_t)x, (uint32_t)y) + ((uint64_t)crossed << 32);
}
