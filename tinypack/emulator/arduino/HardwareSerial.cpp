#include "HardwareSerial.h"

#include "machine.h"
#include "sensors/input.h"

HardwareSerial Serial;

int HardwareSerial::available() { return (int)input_available(); }

int HardwareSerial::peek() { return input_peek(); }

int HardwareSerial::read() { return input_get(); }

size_t HardwareSerial::write(const uint8_t *data, size_t n) {
  machine_write(data, n);
  return n;
}
