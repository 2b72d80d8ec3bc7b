#include "ESP_I2S.h"

#include "replay.h"

enum { DMA_FRAMES = 6 * 240 };

bool I2SClass::begin(i2s_mode_t, uint32_t rate, i2s_data_bit_width_t width, i2s_slot_mode_t slots, int8_t) {
  const replay_header_t &header = replay.header();
  width_ = width / 8;
  replay.start("I2S", REPLAY_INT16, nullptr);
  if (header.channels != slots) {
    replay_refuse("I2S", "channels", header.channels, slots);
  }
  if (header.millihertz != rate * 1000u) {
    replay_refuse("I2S", "rate in Hz", (double)replay.rate(), rate);
  }
  return true;
}

uint32_t I2SClass::frame_bytes() const { return replay.header().channels * width_; }

size_t I2SClass::readBytes(char *data, size_t bytes) {
  size_t done = 0;
  while (done + frame_bytes() <= bytes) {
    if (replay.left() == 0) {
      replay.idle();
      break;
    }
    const uint32_t wanted = (uint32_t)(bytes - done) / frame_bytes();
    const uint32_t n = min(replay.waits() ? wanted : replay.available(DMA_FRAMES), wanted);
    if (width_ == sizeof(int16_t)) {
      done += replay.take(data + done, n) * frame_bytes();
      continue;
    }
    int32_t *out = (int32_t *)(void *)(data + done);
    int16_t *in = (int16_t *)(void *)(data + done) + n * replay.header().channels; /* the upper half */
    const uint32_t got = replay.take(in, n);
    for (uint32_t i = 0; i < got * replay.header().channels; i++) {
      out[i] = in[i] * 65536;
    }
    done += got * frame_bytes();
  }
  return done;
}

int I2SClass::available() {
  if (replay.left() == 0) {
    replay.idle();
  }
  return (int)(min(replay.due(), (uint32_t)DMA_FRAMES) * frame_bytes());
}
