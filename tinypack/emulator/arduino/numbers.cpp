#include "numbers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "Arduino.h"

size_t tinypack_format_integer(char *out, unsigned long long x, int base) {
  const unsigned radix = base < 2 || base > 36 ? 10u : (unsigned)base;
  char reversed[TINYPACK_INTEGER_CHARS];
  size_t n = 0;
  do {
    reversed[n++] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[x % radix];
    x /= radix;
  } while (x > 0);
  for (size_t i = 0; i < n; i++) {
    out[i] = reversed[n - 1 - i];
  }
  out[n] = '\0';
  return n;
}

static size_t format_word(char *out, const char *text) {
  strcpy(out, text);
  return strlen(text);
}

size_t tinypack_format_real(char *out, double x, int digits) {
  const double largest = 4294967040.0; /* of a float below 2^32 */
  const int decimals = constrain(digits, 0, 48);
  size_t n = 0;
  double half = 0.5;
  if (isnan(x)) {
    return format_word(out, "nan");
  }
  if (isinf(x)) {
    return format_word(out, "inf");
  }
  if (x > largest || x < -largest) {
    return format_word(out, "ovf");
  }
  if (x < 0.0) {
    out[n++] = '-';
    x = -x;
  }
  for (int i = 0; i < decimals; i++) {
    half /= 10.0;
  }
  x += half;
  const uint32_t whole = (uint32_t)x;
  n += tinypack_format_integer(out + n, whole, 10);
  if (decimals > 0) {
    out[n++] = '.';
  }
  double rest = x - whole;
  for (int i = 0; i < decimals; i++) {
    rest *= 10.0;
    const int digit = (int)rest;
    out[n++] = (char)('0' + digit);
    rest -= digit;
  }
  out[n] = '\0';
  return n;
}

extern "C" char *dtostrf(double value, signed char width, unsigned char digits, char *out) {
  char text[TINYPACK_REAL_CHARS];
  const size_t n = tinypack_format_real(text, value, digits);
  const size_t asked = (size_t)abs((int)width);
  const size_t padding = asked > n ? asked - n : 0;
  memset(out, ' ', padding + n);
  memcpy(width < 0 ? out : out + padding, text, n);
  out[padding + n] = '\0';
  return out;
}
