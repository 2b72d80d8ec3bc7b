#ifndef Stream_h
#define Stream_h

#include "Print.h"

/* Text and bytes in. Functions that wait give up after the time-out. */
class Stream : public Print {
 public:
  virtual int available() = 0;
  virtual int read() = 0;
  virtual int peek() = 0;

  void setTimeout(unsigned long ms) { timeout_ = ms; }
  unsigned long getTimeout() const { return timeout_; }

  size_t readBytes(uint8_t *data, size_t n);
  size_t readBytes(char *data, size_t n) { return readBytes((uint8_t *)data, n); }
  size_t readBytesUntil(char end, uint8_t *data, size_t n);
  size_t readBytesUntil(char end, char *data, size_t n) { return readBytesUntil(end, (uint8_t *)data, n); }
  String readString();
  String readStringUntil(char end);

  /* Skip what is no number, then read one; 0 if there is none. */
  long parseInt();
  float parseFloat();

  /* Read up to and including a text; false if it never came. */
  bool find(const char *text);

 protected:
  int timedRead();
  int timedPeek();

 private:
  int wait(int (Stream::*get)());
  int skipToNumber();

  unsigned long timeout_ = 1000;
};

#endif
