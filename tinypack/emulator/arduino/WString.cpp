#include "WString.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

#include "numbers.h"

String::String(double x, int digits) {
  char text[TINYPACK_REAL_CHARS];
  assign(text, tinypack_format_real(text, x, digits));
}

String::~String() { free(data_); }

String &String::operator=(const String &other) {
  if (this != &other) {
    assign(other.c_str(), other.length_);
  }
  return *this;
}

String &String::operator=(String &&other) noexcept {
  swap(other);
  return *this;
}

void String::swap(String &other) {
  char *const data = data_;
  const size_t capacity = capacity_, length = length_;
  data_ = other.data_;
  capacity_ = other.capacity_;
  length_ = other.length_;
  other.data_ = data;
  other.capacity_ = capacity;
  other.length_ = length;
}

void String::clear() {
  free(data_);
  data_ = nullptr;
  capacity_ = length_ = 0;
}

bool String::reserve(size_t n) {
  if (data_ != nullptr && n <= capacity_) {
    return true;
  }
  char *grown = (char *)realloc(data_, n + 1);
  if (grown == nullptr) {
    return false;
  }
  data_ = grown;
  capacity_ = n;
  data_[length_] = '\0';
  return true;
}

void String::assign(const char *text, size_t n) {
  length_ = 0;
  if (n == 0 && data_ == nullptr) {
    return;
  }
  if (!reserve(n)) {
    clear();
    return;
  }
  memcpy(data_, text, n);
  length_ = n;
  data_[n] = '\0';
}

bool String::concat(const char *text, size_t n) {
  const bool own = data_ != nullptr && text >= data_ && text <= data_ + length_;
  const size_t place = own ? (size_t)(text - data_) : 0;
  if (n == 0) {
    return true;
  }
  if (length_ + n > capacity_ && !reserve(length_ + n + length_ / 2)) {
    return false;
  }
  memmove(data_ + length_, own ? data_ + place : text, n); /* growing may have moved our own text */
  length_ += n;
  data_[length_] = '\0';
  return true;
}

void String::number(bool negative, unsigned long long x, int base) {
  char text[TINYPACK_INTEGER_CHARS + 1] = "-";
  const size_t n = tinypack_format_integer(text + 1, x, base);
  char *p = text + 1;
  if (base > 10) { /* unlike Print, String writes small letters */
    for (; *p != '\0'; p++) {
      *p = (char)tolower(*p);
    }
  }
  assign(negative ? text : text + 1, negative ? n + 1 : n);
}

void String::signedNumber(long long x, unsigned long long bits, int base) {
  const bool negative = base == 10 && x < 0;
  number(negative, negative ? 0 - (unsigned long long)x : bits, base);
}

void String::setCharAt(size_t i, char c) {
  if (i < length_) {
    data_[i] = c;
  }
}

char &String::operator[](size_t i) {
  static char nowhere;
  nowhere = '\0';
  return i < length_ ? data_[i] : nowhere;
}

void String::getBytes(unsigned char *out, unsigned int size, unsigned int from) const {
  if (size == 0 || out == nullptr) {
    return;
  }
  const String part = substring(from, from < length_ && size - 1 < length_ - from ? from + size - 1 : length_);
  memcpy(out, part.c_str(), part.length_ + 1);
}

bool String::equalsIgnoreCase(const String &other) const { return strcasecmp(c_str(), other.c_str()) == 0; }

bool String::startsWith(const String &text, size_t from) const {
  return from <= length_ && text.length_ <= length_ - from && memcmp(c_str() + from, text.c_str(), text.length_) == 0;
}

bool String::endsWith(const String &text) const {
  return text.length_ <= length_ && startsWith(text, length_ - text.length_);
}

int String::indexOf(char c, size_t from) const { return indexOf(String(c), from); }

int String::indexOf(const String &text, size_t from) const {
  for (size_t i = from; i < length_; i++) {
    if (startsWith(text, i)) {
      return (int)i;
    }
  }
  return -1;
}

int String::lastIndexOf(char c) const { return lastIndexOf(String(c)); }

int String::lastIndexOf(const String &text) const {
  for (size_t i = length_; i-- > 0;) {
    if (startsWith(text, i)) {
      return (int)i;
    }
  }
  return -1;
}

String String::substring(size_t from, size_t to) const {
  if (from > to) {
    return substring(to, from);
  }
  const size_t end = to < length_ ? to : length_;
  return from < end ? String(data_ + from, end - from) : String();
}

void String::replace(char from, char to) {
  for (size_t i = 0; i < length_; i++) {
    if (data_[i] == from) {
      data_[i] = to;
    }
  }
}

void String::replace(const String &from, const String &to) {
  if (from.length_ == 0) {
    return;
  }
  String result;
  size_t done = 0;
  for (int at = indexOf(from); at >= 0; at = indexOf(from, done)) {
    result.concat(data_ + done, (size_t)at - done);
    result.concat(to);
    done = (size_t)at + from.length_;
  }
  result.concat(c_str() + done, length_ - done);
  swap(result);
}

void String::remove(size_t from, size_t n) {
  if (from >= length_) {
    return;
  }
  const size_t removed = n < length_ - from ? n : length_ - from;
  memmove(data_ + from, data_ + from + removed, length_ - from - removed + 1);
  length_ -= removed;
}

void String::toLowerCase() {
  for (size_t i = 0; i < length_; i++) {
    data_[i] = (char)tolower((unsigned char)data_[i]);
  }
}

void String::toUpperCase() {
  for (size_t i = 0; i < length_; i++) {
    data_[i] = (char)toupper((unsigned char)data_[i]);
  }
}

void String::trim() {
  size_t first = 0, last = length_;
  while (first < last && isspace((unsigned char)data_[first])) {
    first++;
  }
  while (last > first && isspace((unsigned char)data_[last - 1])) {
    last--;
  }
  remove(last);
  remove(0, first);
}

long String::toInt() const { return atol(c_str()); }

double String::toDouble() const { return atof(c_str()); }
