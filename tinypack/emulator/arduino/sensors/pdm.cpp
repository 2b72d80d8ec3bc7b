#include "PDM.h"

#include "replay.h"

PDMClass PDM;

int PDMClass::begin(int channels, int sample_rate) {
  const replay_header_t &header = replay.header();
  filled_ = next_ = 0;
  if (size_ == 0) {
    size_ = sizeof buffer_;
  }
  replay.start("PDM", REPLAY_INT16, deliver);
  if (header.channels != channels) {
    replay_refuse("PDM", "channels", header.channels, channels);
  }
  if (header.millihertz != (uint32_t)sample_rate * 1000u) {
    replay_refuse("PDM", "rate in Hz", (double)replay.rate(), sample_rate);
  }
  return 1;
}

void PDMClass::end() { sensor_poll = nullptr; }

void PDMClass::setBufferSize(int bytes) {
  if (bytes > 0 && bytes <= (int)sizeof buffer_) {
    size_ = (uint16_t)bytes;
  }
}

bool PDMClass::fill() {
  const uint32_t frame = replay.header().channels * sizeof(int16_t);
  const uint32_t frames = min(size_ / frame, replay.left());
  if (frames == 0 || replay.due() < frames) {
    return false;
  }
  next_ = 0;
  filled_ = (uint16_t)(replay.take(buffer_, frames) * frame);
  return filled_ > 0;
}

void PDMClass::deliver(sensor_poll_t kind) {
  if (kind == ROUND) {
    replay.idle();
  }
  if (replay.waits() && kind == GLANCE) {
    return;
  }
  while (PDM.fill()) {
    if (PDM.on_receive_ != nullptr) {
      PDM.on_receive_();
    }
    if (replay.waits()) {
      return;
    }
  }
}

int PDMClass::available() {
  if (next_ == filled_) {
    yield();
  }
  return filled_ - next_;
}

int PDMClass::read(void *data, size_t bytes) {
  const size_t n = min(bytes, (size_t)(filled_ - next_));
  memcpy(data, buffer_ + next_, n);
  next_ = (uint16_t)(next_ + n);
  return (int)n;
}
