#include "Stream.h"

#include "Arduino.h"

int Stream::wait(int (Stream::*get)()) {
  const unsigned long start = millis();
  do {
    const int c = (this->*get)();
    if (c >= 0) {
      return c;
    }
    delay(1);
  } while (millis() - start < timeout_);
  return -1;
}

int Stream::timedRead() { return wait(&Stream::read); }

int Stream::timedPeek() { return wait(&Stream::peek); }

size_t Stream::readBytes(uint8_t *data, size_t n) {
  size_t count = 0;
  for (; count < n; count++) {
    const int c = timedRead();
    if (c < 0) {
      break;
    }
    data[count] = (uint8_t)c;
  }
  return count;
}

size_t Stream::readBytesUntil(char end, uint8_t *data, size_t n) {
  size_t count = 0;
  while (count < n) {
    const int c = timedRead();
    if (c < 0 || (char)c == end) {
      break;
    }
    data[count++] = (uint8_t)c;
  }
  return count;
}

String Stream::readString() {
  String text;
  for (int c = timedRead(); c >= 0; c = timedRead()) {
    text += (char)c;
  }
  return text;
}

String Stream::readStringUntil(char end) {
  String text;
  for (int c = timedRead(); c >= 0 && (char)c != end; c = timedRead()) {
    text += (char)c;
  }
  return text;
}

int Stream::skipToNumber() {
  for (;;) {
    const int c = timedPeek();
    if (c < 0 || c == '-' || isDigit(c)) {
      return c;
    }
    read();
  }
}

long Stream::parseInt() {
  const bool negative = skipToNumber() == '-';
  long value = 0;
  if (negative) {
    read();
  }
  for (int c = timedPeek(); isDigit(c); c = timedPeek()) {
    value = value * 10 + (read() - '0');
  }
  return negative ? -value : value;
}

float Stream::parseFloat() {
  const bool negative = skipToNumber() == '-';
  bool fraction = false;
  double value = 0.0, weight = 1.0;
  if (negative) {
    read();
  }
  for (int c = timedPeek(); isDigit(c) || (c == '.' && !fraction); c = timedPeek()) {
    read();
    if (c == '.') {
      fraction = true;
      continue;
    }
    value = value * 10.0 + (c - '0');
    weight *= fraction ? 0.1 : 1.0;
  }
  return (float)(negative ? -value * weight : value * weight);
}

bool Stream::find(const char *text) {
  const size_t n = strlen(text);
  size_t matched = 0;
  while (matched < n) {
    const int c = timedRead();
    if (c < 0) {
      return false;
    }
    /* Fall back to the longest beginning of the text that still ends here. */
    while (matched > 0 && text[matched] != (char)c) {
      size_t shorter = matched - 1;
      while (shorter > 0 && memcmp(text, text + matched - shorter, shorter) != 0) {
        shorter--;
      }
      matched = shorter;
    }
    matched += text[matched] == (char)c;
  }
  return true;
}
