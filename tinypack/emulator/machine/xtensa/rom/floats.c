/* Arithmetic on floating-point numbers that an ESP8266 has in ROM, and libgcc for this core therefore leaves out:
   IEEE 754, round to nearest, ties to even. GCC calls it with the bits of float in uint32_t, of double in uint64_t. */
#include <stdint.h>

typedef struct {
  int mantissa_bits, exponent_bits;
} format_t;

static const format_t FLOAT = {23, 8}, DOUBLE = {52, 11};

enum { TOP = 62 }; /* the leading bit of a mantissa; below an infinite or zero number's is nothing */

typedef enum { ZERO, FINITE, INFINITE, NOT_A_NUMBER } kind_t;

/* mantissa * 2^exponent; the lowest bit also stands for all bits that were shifted out. */
typedef struct {
  kind_t kind;
  uint32_t negative;
  int32_t exponent;
  uint64_t mantissa;
} number_t;

static uint64_t shift_right(uint64_t value, int32_t n) {
  if (n > 63) {
    return value != 0;
  }
  return n == 0 ? value : value >> n | ((value << (64 - n)) != 0);
}

/* Bring the leading bit to TOP. */
static number_t normal(uint32_t negative, int32_t exponent, uint64_t mantissa) {
  number_t x = {FINITE, negative, exponent, mantissa};
  if (mantissa == 0) {
    x.kind = ZERO;
  } else if (mantissa >> (TOP + 1) != 0) {
    x.mantissa = shift_right(mantissa, 1);
    x.exponent++;
  } else {
    while (x.mantissa >> TOP == 0) {
      x.mantissa <<= 1;
      x.exponent--;
    }
  }
  return x;
}

static number_t unpack(uint64_t bits, format_t format) {
  const int32_t special = (1 << format.exponent_bits) - 1, bias = special >> 1;
  const int32_t exponent = (int32_t)(bits >> format.mantissa_bits) & special;
  const uint32_t negative = (uint32_t)(bits >> (format.mantissa_bits + format.exponent_bits)) & 1u;
  const uint64_t fraction = bits & (((uint64_t)1 << format.mantissa_bits) - 1u);
  if (exponent == special) {
    const number_t x = {fraction != 0 ? NOT_A_NUMBER : INFINITE, negative, 0, 0};
    return x;
  }
  const uint64_t hidden = exponent != 0 ? (uint64_t)1 << format.mantissa_bits : 0;
  return normal(negative, (exponent != 0 ? exponent : 1) - bias - format.mantissa_bits, fraction | hidden);
}

static uint64_t pack(number_t x, format_t format) {
  const int32_t special = (1 << format.exponent_bits) - 1, bias = special >> 1;
  const uint64_t sign = (uint64_t)x.negative << (format.mantissa_bits + format.exponent_bits);
  const uint64_t infinite = (uint64_t)special << format.mantissa_bits;
  if (x.kind == ZERO) {
    return sign;
  }
  if (x.kind == NOT_A_NUMBER) {
    return infinite | (uint64_t)1 << (format.mantissa_bits - 1);
  }
  int32_t exponent = x.exponent + TOP + bias;
  if (x.kind == INFINITE || exponent >= special) {
    return sign | infinite;
  }
  if (exponent < 1) { /* subnormal */
    x.mantissa = shift_right(x.mantissa, 1 - exponent);
    exponent = 1;
  }
  const int32_t dropped = TOP - format.mantissa_bits;
  const uint64_t half = (uint64_t)1 << (dropped - 1), rest = x.mantissa & (2u * half - 1u);
  uint64_t mantissa = x.mantissa >> dropped;
  mantissa += rest > half || (rest == half && (mantissa & 1u) != 0);
  /* The hidden bit counts as one of the exponent, and so does a carry. */
  return sign | (mantissa + ((uint64_t)(exponent - 1) << format.mantissa_bits));
}

static number_t special(kind_t kind, uint32_t negative) {
  const number_t x = {kind, negative, 0, 0};
  return x;
}

static number_t add(number_t x, number_t y) {
  if (x.kind < y.kind || (x.kind == FINITE && y.kind == FINITE && x.exponent < y.exponent)) {
    const number_t z = x;
    x = y;
    y = z;
  }
  if (x.kind == INFINITE && y.kind == INFINITE && x.negative != y.negative) {
    return special(NOT_A_NUMBER, 0);
  }
  if (x.kind == ZERO) {
    return special(ZERO, x.negative & y.negative);
  }
  if (x.kind != FINITE || y.kind == ZERO) {
    return x;
  }
  y.mantissa = shift_right(y.mantissa, x.exponent - y.exponent);
  if (x.negative == y.negative) {
    return normal(x.negative, x.exponent, x.mantissa + y.mantissa);
  }
  if (x.mantissa == y.mantissa) {
    return special(ZERO, 0);
  }
  return x.mantissa > y.mantissa ? normal(x.negative, x.exponent, x.mantissa - y.mantissa)
                                 : normal(y.negative, x.exponent, y.mantissa - x.mantissa);
}

static number_t negated(number_t x) {
  x.negative ^= 1u;
  return x;
}

static number_t multiply(number_t x, number_t y) {
  const uint32_t negative = x.negative ^ y.negative;
  const int zero = x.kind == ZERO || y.kind == ZERO, infinite = x.kind == INFINITE || y.kind == INFINITE;
  if (x.kind == NOT_A_NUMBER || y.kind == NOT_A_NUMBER || (zero && infinite)) {
    return special(NOT_A_NUMBER, 0);
  }
  if (zero || infinite) {
    return special(zero ? ZERO : INFINITE, negative);
  }
  const uint64_t a = x.mantissa >> 32, b = (uint32_t)x.mantissa, c = y.mantissa >> 32, d = (uint32_t)y.mantissa;
  const uint64_t middle = a * d + (b * d >> 32);
  const uint64_t carried = b * c + (uint32_t)middle;
  const uint64_t high = a * c + (middle >> 32) + (carried >> 32);
  const uint64_t low = carried << 32 | (uint32_t)(b * d);
  return normal(negative, x.exponent + y.exponent + 64, high | (low != 0));
}

static number_t divide(number_t x, number_t y) {
  const uint32_t negative = x.negative ^ y.negative;
  if (x.kind == NOT_A_NUMBER || y.kind == NOT_A_NUMBER || (x.kind == y.kind && x.kind != FINITE)) {
    return special(NOT_A_NUMBER, 0);
  }
  if (x.kind != FINITE || y.kind != FINITE) {
    return special(x.kind == INFINITE || y.kind == ZERO ? INFINITE : ZERO, negative);
  }
  uint64_t quotient = 0, rest = x.mantissa;
  for (int i = 0; i <= TOP; i++) {
    quotient <<= 1;
    if (rest >= y.mantissa) {
      rest -= y.mantissa;
      quotient |= 1u;
    }
    rest <<= 1;
  }
  return normal(negative, x.exponent - y.exponent - TOP, quotient | (rest != 0));
}

/* Towards zero. */
static uint32_t whole(number_t x) {
  const int32_t right = -x.exponent;
  return x.kind != FINITE || right > TOP ? 0 : (uint32_t)(x.mantissa >> right);
}

static int32_t whole_signed(number_t x) {
  if (x.kind == INFINITE || x.exponent + TOP >= 31) {
    return x.negative ? INT32_MIN : INT32_MAX;
  }
  return x.negative ? -(int32_t)whole(x) : (int32_t)whole(x);
}

static uint32_t whole_unsigned(number_t x) {
  if (x.negative) {
    return 0;
  }
  return x.kind == INFINITE || x.exponent + TOP >= 32 ? UINT32_MAX : whole(x);
}

static number_t from_signed(int32_t n) {
  return normal(n < 0, 0, n < 0 ? 0u - (uint32_t)n : (uint32_t)n);
}

#define ARITHMETIC(letter, type, format)                                                                    \
  type __add##letter##f3(type x, type y) { return (type)pack(add(unpack(x, format), unpack(y, format)), format); } \
  type __sub##letter##f3(type x, type y) {                                                                  \
    return (type)pack(add(unpack(x, format), negated(unpack(y, format))), format);                          \
  }                                                                                                         \
  type __mul##letter##f3(type x, type y) {                                                                  \
    return (type)pack(multiply(unpack(x, format), unpack(y, format)), format);                              \
  }                                                                                                         \
  type __div##letter##f3(type x, type y) {                                                                  \
    return (type)pack(divide(unpack(x, format), unpack(y, format)), format);                                \
  }                                                                                                         \
  type __floatsi##letter##f(int32_t n) { return (type)pack(from_signed(n), format); }                       \
  type __floatunsi##letter##f(uint32_t n) { return (type)pack(normal(0, 0, n), format); }                   \
  int32_t __fix##letter##fsi(type x) { return whole_signed(unpack(x, format)); }                            \
  uint32_t __fixuns##letter##fsi(type x) { return whole_unsigned(unpack(x, format)); }

ARITHMETIC(s, uint32_t, FLOAT)
ARITHMETIC(d, uint64_t, DOUBLE)

uint64_t __extendsfdf2(uint32_t x) {
  return pack(unpack(x, FLOAT), DOUBLE);
}

uint32_t __truncdfsf2(uint64_t x) {
  return (uint32_t)pack(unpack(x, DOUBLE), FLOAT);
}
