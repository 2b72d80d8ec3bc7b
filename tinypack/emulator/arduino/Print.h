#ifndef Print_h
#define Print_h

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "Printable.h"
#include "WString.h"

#define DEC 10
#define HEX 16
#define OCT 8
#define BIN 2

/* Text out of values. All functions give the number of bytes written. */
class Print {
 public:
  virtual size_t write(uint8_t byte) = 0;
  virtual size_t write(const uint8_t *data, size_t n);
  virtual int availableForWrite() { return 0; }
  virtual void flush() {}

  size_t write(const char *text) { return text == nullptr ? 0 : write((const uint8_t *)text, strlen(text)); }
  size_t write(const char *text, size_t n) { return write((const uint8_t *)text, n); }

  int getWriteError() const { return write_error_; }
  void clearWriteError() { setWriteError(0); }

  size_t print(const __FlashStringHelper *text) { return write(reinterpret_cast<const char *>(text)); }
  size_t print(const String &text) { return write(text.c_str(), text.length()); }
  size_t print(const char *text) { return write(text); }
  size_t print(char c) { return write((uint8_t)c); }
  size_t print(unsigned char x, int base = DEC) { return printUnsigned(x, base); }
  size_t print(int x, int base = DEC) { return printSigned(x, (unsigned int)x, base); }
  size_t print(unsigned int x, int base = DEC) { return printUnsigned(x, base); }
  size_t print(long x, int base = DEC) { return printSigned(x, (unsigned long)x, base); }
  size_t print(unsigned long x, int base = DEC) { return printUnsigned(x, base); }
  size_t print(long long x, int base = DEC) { return printSigned(x, (unsigned long long)x, base); }
  size_t print(unsigned long long x, int base = DEC) { return printUnsigned(x, base); }
  size_t print(double x, int digits = 2);
  size_t print(const Printable &x) { return x.printTo(*this); }

  /* Numbers by value: a reference to a constant of a class needs a definition, which sketches leave out. */
  size_t println() { return write("\r\n"); }
  size_t println(const __FlashStringHelper *text) { return end_line(print(text)); }
  size_t println(const String &text) { return end_line(print(text)); }
  size_t println(const char *text) { return end_line(print(text)); }
  size_t println(char c) { return end_line(print(c)); }
  size_t println(unsigned char x, int base = DEC) { return end_line(print(x, base)); }
  size_t println(int x, int base = DEC) { return end_line(print(x, base)); }
  size_t println(unsigned int x, int base = DEC) { return end_line(print(x, base)); }
  size_t println(long x, int base = DEC) { return end_line(print(x, base)); }
  size_t println(unsigned long x, int base = DEC) { return end_line(print(x, base)); }
  size_t println(long long x, int base = DEC) { return end_line(print(x, base)); }
  size_t println(unsigned long long x, int base = DEC) { return end_line(print(x, base)); }
  size_t println(double x, int digits = 2) { return end_line(print(x, digits)); }
  size_t println(const Printable &x) { return end_line(print(x)); }

 protected:
  void setWriteError(int error = 1) { write_error_ = error; }

 private:
  size_t end_line(size_t n) { return n + println(); }
  size_t printSigned(long long x, unsigned long long bits, int base);
  size_t printUnsigned(unsigned long long x, int base);

  int write_error_ = 0;
};

#endif
