#include "Arduino_OV767X.h"

#include "replay.h"

OV767X Camera;

int OV767X::begin(int resolution, int format, int, int) {
  static const uint16_t sizes[][2] = {{640, 480}, {352, 288}, {320, 240}, {176, 144}, {160, 120}};
  if (resolution < VGA || resolution > QQVGA || (format != RGB565 && format != GRAYSCALE)) {
    return 0;
  }
  width_ = sizes[resolution][0];
  height_ = sizes[resolution][1];
  format_ = format;
  replay.start("Camera", REPLAY_PIXELS, nullptr);
  if (replay.header().width != width_) {
    replay_refuse("Camera", "width", replay.header().width, width_);
  }
  if (replay.header().height != height_) {
    replay_refuse("Camera", "height", replay.header().height, height_);
  }
  return 1;
}

/* Grey has one byte a pixel, colours have red, green and blue. */
uint8_t *OV767X::put(uint8_t *out, const uint8_t *pixel) const {
  const bool colour = replay.header().channels == 3;
  const uint32_t red = pixel[0], green = pixel[colour ? 1 : 0], blue = pixel[colour ? 2 : 0];
  if (format_ == GRAYSCALE) {
    *out++ = (uint8_t)(colour ? (77 * red + 150 * green + 29 * blue) >> 8 : red);
    return out;
  }
  *out++ = (uint8_t)((red & 0xF8u) | green >> 5);
  *out++ = (uint8_t)((green & 0x1Cu) << 3 | blue >> 3);
  return out;
}

void OV767X::readFrame(void *pixels) {
  while (replay.left() > 0 && replay.available(1) == 0) {
  }
  const uint32_t bytes = replay.header().channels;
  uint8_t *out = static_cast<uint8_t *>(pixels);
  uint8_t some[48]; /* of one and of three bytes, whole pixels */
  for (uint32_t rest = (uint32_t)(width_ * height_) * bytes; rest > 0;) {
    const uint32_t n = replay.take_bytes(some, min(rest, (uint32_t)sizeof some));
    if (n == 0) {
      exit(0); /* no more pictures */
    }
    for (uint32_t i = 0; i + bytes <= n; i += bytes) {
      out = put(out, some + i);
    }
    rest -= n;
  }
}
