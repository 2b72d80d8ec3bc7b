#include "imu.h"

#include "replay.h"

int ReplayedImu::begin() {
  replay.start("IMU", REPLAY_INT16 | REPLAY_FLOAT32, nullptr);
  const uint16_t channels = replay.header().channels;
  if (channels % 3 != 0 || channels > PARTS * 3) {
    replay_refuse("IMU", "channels", channels, channels < 6 ? 3 : channels < 9 ? 6 : 9);
  }
  return 1;
}

float ReplayedImu::accelerationSampleRate() const { return replay.rate(); }

/* The next sample comes when a part is asked for that has been read, and in one-shot mode as soon as there is one. */
int ReplayedImu::available(part_t part) {
  const uint8_t asked = (uint8_t)(1u << part);
  const uint16_t channels = replay.header().channels;
  if (((unread_ & asked) == 0 || (depth_ == 1 && !replay.waits())) && replay.available(depth_) > 0) {
    const bool real = replay.header().format == REPLAY_FLOAT32;
    if (replay.take(values_, 1) == 1) {
      unread_ = (uint8_t)((1u << channels / 3) - 1u);
    }
    const int16_t *integers = (const int16_t *)(const void *)values_;
    for (int i = channels - 1; i >= 0 && !real; i--) { /* from the end: they lie in the same place */
      int16_t value;
      memcpy(&value, integers + i, sizeof value);
      values_[i] = value;
    }
  }
  return (unread_ & asked) != 0;
}

int ReplayedImu::read(part_t part, float &x, float &y, float &z) {
  if (part * 3 >= replay.header().channels) {
    return 0;
  }
  available(part);
  unread_ &= (uint8_t)~(1u << part);
  x = values_[part * 3];
  y = values_[part * 3 + 1];
  z = values_[part * 3 + 2];
  return 1;
}

ReplayedImu IMU_LSM9DS1(32), IMU_BMI270_BMM150(157);
