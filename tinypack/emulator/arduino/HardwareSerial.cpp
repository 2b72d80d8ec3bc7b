#include "HardwareSerial.h"

#include "machine.h"

HardwareSerial Serial;

int HardwareSerial::available() {
  if (next_ == filled_) {
    next_ = 0;
    filled_ = machine_read(input_, sizeof input_);
  }
  return (int)(filled_ - next_);
}

int HardwareSerial::peek() { return available() > 0 ? input_[next_] : -1; }

int HardwareSerial::read() { return available() > 0 ? input_[next_++] : -1; }

size_t HardwareSerial::write(const uint8_t *data, size_t n) {
  machine_write(data, n);
  return n;
}
