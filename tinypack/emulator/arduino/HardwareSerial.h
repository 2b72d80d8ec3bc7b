#ifndef HardwareSerial_h
#define HardwareSerial_h

#include "Stream.h"

#define SERIAL_8N1 0x06

/* The host's standard input and output.
   available(), peek() and read() wait for the host: a run gives the same result however fast its input comes.
   They give 0 and -1 only when the input has ended. */
class HardwareSerial : public Stream {
 public:
  void begin(unsigned long, uint16_t = SERIAL_8N1) {}
  void end() {}
  operator bool() const { return true; }

  int available() override;
  int peek() override;
  int read() override;
  size_t write(uint8_t byte) override { return write(&byte, 1); }
  size_t write(const uint8_t *data, size_t n) override;
  size_t write(int byte) { return write((uint8_t)byte); }
  using Print::write;
  int availableForWrite() override { return 256; }
};

extern HardwareSerial Serial;

#endif
