#include "Print.h"

#include "numbers.h"

size_t Print::write(const uint8_t *data, size_t n) {
  size_t written = 0;
  while (written < n && write(data[written]) == 1) {
    written++;
  }
  return written;
}

/* Only decimal numbers have a sign; base 0 means the byte itself. */
size_t Print::printSigned(long long x, unsigned long long bits, int base) {
  if (base != DEC || x >= 0) {
    return printUnsigned(bits, base);
  }
  const size_t n = print('-');
  return n + printUnsigned(0 - (unsigned long long)x, base);
}

size_t Print::printUnsigned(unsigned long long x, int base) {
  char text[TINYPACK_INTEGER_CHARS];
  if (base == 0) {
    return write((uint8_t)x);
  }
  return write(text, tinypack_format_integer(text, x, base));
}

size_t Print::print(double x, int digits) {
  char text[TINYPACK_REAL_CHARS];
  return write(text, tinypack_format_real(text, x, digits));
}
