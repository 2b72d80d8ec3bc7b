#ifndef WString_h
#define WString_h

#include <stddef.h>
#include <stdint.h>

#include "avr/pgmspace.h"

class __FlashStringHelper;
#define F(text) (reinterpret_cast<const __FlashStringHelper *>(PSTR(text)))

/* Text on the heap. When memory runs out a String becomes empty. */
class String {
 public:
  String(const char *text = "") { assign(text, text == nullptr ? 0 : strlen(text)); }
  String(const char *text, size_t n) { assign(text, n); }
  String(const __FlashStringHelper *text) : String(reinterpret_cast<const char *>(text)) {}
  String(const String &other) { assign(other.c_str(), other.length_); }
  String(String &&other) noexcept { swap(other); }
  explicit String(char c) { assign(&c, 1); }
  explicit String(unsigned char x, int base = 10) { number(false, x, base); }
  explicit String(int x, int base = 10) { signedNumber(x, (unsigned int)x, base); }
  explicit String(unsigned int x, int base = 10) { number(false, x, base); }
  explicit String(long x, int base = 10) { signedNumber(x, (unsigned long)x, base); }
  explicit String(unsigned long x, int base = 10) { number(false, x, base); }
  explicit String(long long x, int base = 10) { signedNumber(x, (unsigned long long)x, base); }
  explicit String(unsigned long long x, int base = 10) { number(false, x, base); }
  explicit String(double x, int digits = 2);
  ~String();

  String &operator=(const String &other);
  String &operator=(String &&other) noexcept;
  String &operator=(const char *text) { return *this = String(text); }

  const char *c_str() const { return data_ == nullptr ? "" : data_; }
  unsigned int length() const { return (unsigned int)length_; }
  bool isEmpty() const { return length_ == 0; }
  const char *begin() const { return c_str(); }
  const char *end() const { return c_str() + length_; }
  bool reserve(size_t n);

  bool concat(const char *text, size_t n);
  bool concat(const String &other) { return concat(other.c_str(), other.length_); }
  bool concat(const char *text) { return text != nullptr && concat(text, strlen(text)); }
  bool concat(char c) { return concat(&c, 1); }
  template <class T>
  bool concat(const T &x) {
    return concat(String(x));
  }
  template <class T>
  String &operator+=(const T &x) {
    concat(x);
    return *this;
  }

  char charAt(size_t i) const { return i < length_ ? data_[i] : '\0'; }
  void setCharAt(size_t i, char c);
  char operator[](size_t i) const { return charAt(i); }
  char &operator[](size_t i);
  void getBytes(unsigned char *out, unsigned int size, unsigned int from = 0) const;
  void toCharArray(char *out, unsigned int size, unsigned int from = 0) const { getBytes((uint8_t *)out, size, from); }

  int compareTo(const String &other) const { return strcmp(c_str(), other.c_str()); }
  bool equals(const String &other) const { return compareTo(other) == 0; }
  bool equalsIgnoreCase(const String &other) const;
  bool startsWith(const String &text, size_t from = 0) const;
  bool endsWith(const String &text) const;

  /* The place, or -1. */
  int indexOf(char c, size_t from = 0) const;
  int indexOf(const String &text, size_t from = 0) const;
  int lastIndexOf(char c) const;
  int lastIndexOf(const String &text) const;

  String substring(size_t from) const { return substring(from, length_); }
  String substring(size_t from, size_t to) const;
  void replace(char from, char to);
  void replace(const String &from, const String &to);
  void remove(size_t from) { remove(from, length_); }
  void remove(size_t from, size_t n);
  void toLowerCase();
  void toUpperCase();
  void trim();

  long toInt() const;
  float toFloat() const { return (float)toDouble(); }
  double toDouble() const;

 private:
  void assign(const char *text, size_t n);
  void clear();
  void number(bool negative, unsigned long long x, int base);
  void signedNumber(long long x, unsigned long long bits, int base);
  void swap(String &other);

  char *data_ = nullptr;
  size_t capacity_ = 0, length_ = 0;
};

template <class T>
String operator+(String left, const T &right) {
  left += right;
  return left;
}
inline String operator+(const char *left, const String &right) { return String(left) + right; }
inline String operator+(const __FlashStringHelper *left, const String &right) { return String(left) + right; }
inline String operator+(char left, const String &right) { return String(left) + right; }

inline bool operator==(const String &a, const String &b) { return a.equals(b); }
inline bool operator!=(const String &a, const String &b) { return !a.equals(b); }
inline bool operator<(const String &a, const String &b) { return a.compareTo(b) < 0; }
inline bool operator>(const String &a, const String &b) { return a.compareTo(b) > 0; }
inline bool operator<=(const String &a, const String &b) { return a.compareTo(b) <= 0; }
inline bool operator>=(const String &a, const String &b) { return a.compareTo(b) >= 0; }

#endif
