/* The camera of Arduino's OV767X library, replaying pictures of its resolution.
 *
 * By the clock, readFrame() waits for the next picture; those that came while nobody waited are lost. Pixels are made of
 * the recording's: RGB565 with its high byte first, grey from colours as (77 R + 150 G + 29 B) / 256.
 * After the last picture readFrame() ends the program.
 */
#ifndef Arduino_OV767X_h
#define Arduino_OV767X_h

#include "Arduino.h"

enum { YUV422 = 0, RGB444 = 1, RGB565 = 2, GRAYSCALE = 4 };
enum { VGA = 0, CIF = 1, QVGA = 2, QCIF = 3, QQVGA = 4 };
enum camera_type { OV7670, OV7675 };

class OV767X {
 public:
  /* 1, or the program ends: the size must be the recording's. 0: no such resolution, or a format but RGB565 and
     GRAYSCALE. The rate is the recording's. */
  int begin(int resolution, int format, int fps, int type = OV7670);
  void end() {}

  int width() const { return width_; }
  int height() const { return height_; }
  int bytesPerPixel() const { return format_ == GRAYSCALE ? 1 : 2; }
  int bitsPerPixel() const { return bytesPerPixel() * 8; }

  void readFrame(void *pixels);

 private:
  uint8_t *put(uint8_t *out, const uint8_t *pixel) const;

  int width_, height_, format_;
};

extern OV767X Camera;

#endif
