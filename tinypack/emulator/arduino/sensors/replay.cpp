#include "replay.h"

#include "Arduino.h"
#include "input.h"

enum { UNFIT = 65, IDLE_ROUNDS = 64 };
static const uint8_t magic[] = {0x89, 'T', 'P', 'R', 'E', 'C', '1', '\n'};

Replay replay;

__attribute__((noreturn)) static void fail(const char *sensor, const char *why) {
  Serial.print(sensor);
  Serial.print(": ");
  Serial.println(why);
  exit(UNFIT);
}

void replay_refuse(const char *sensor, const char *what, double recording, double sketch) {
  Serial.print(sensor);
  Serial.print(": ");
  Serial.print(what);
  Serial.print(" of the recording: ");
  Serial.print(recording, recording == (long)recording ? 0 : 3);
  Serial.print(", of the sketch: ");
  Serial.println(sketch, sketch == (long)sketch ? 0 : 3);
  exit(UNFIT);
}

bool Replay::given() {
  if (!looked_) {
    looked_ = true;
    given_ = input_begins_with(magic, sizeof magic) && input_read(&header_, sizeof header_) == sizeof header_;
  }
  return given_;
}

void Replay::start(const char *sensor, unsigned formats, void (*deliver)(sensor_poll_t)) {
  if (!given()) {
    fail(sensor, "no recording: give one by run.py --recording or TINYPACK_RECORDING");
  }
  if ((header_.format & formats) == 0) {
    fail(sensor, header_.format == REPLAY_PIXELS    ? "the recording is of pictures"
                 : header_.format == REPLAY_FLOAT32 ? "the recording's samples must be integers of 16 bits"
                                                    : "the recording is not of pictures");
  }
  sensor_poll = deliver;
  if (waits()) {
    sensor_time = time;
  } else {
    start_ = sensor_now();
  }
}

uint64_t Replay::time(uint32_t pass) {
  replay.spent_ += pass > 0 ? pass : max(replay.frame_us(), (uint32_t)1);
  return replay.spent_;
}

uint32_t Replay::due() {
  if (waits()) {
    return left();
  }
  const uint64_t arrived = (sensor_now() - start_) * header_.millihertz / 1000000000u;
  return (uint32_t)min(arrived, (uint64_t)header_.frames) - position_;
}

uint32_t Replay::available(uint32_t depth) {
  if (waits()) {
    taken_ = !taken_;
    if (!taken_) {
      return 0;
    }
    depth = 1;
  }
  const uint32_t n = due();
  if (n == 0) {
    idle();
  }
  if (!waits() && n > depth) {
    skip(n - depth);
  }
  return min(n, depth);
}

uint32_t Replay::take(void *frames, uint32_t n) {
  const uint32_t wanted = min(n, left());
  const uint32_t got = input_read(frames, wanted * frame_bytes()) / frame_bytes();
  return advance(got, wanted);
}

uint32_t Replay::take_bytes(void *data, uint32_t n) {
  const uint32_t got = left() > 0 ? (uint32_t)input_read(data, n) : 0;
  part_ += got;
  if (part_ == frame_bytes()) {
    part_ = 0;
    advance(1, 1);
  }
  return got;
}

void Replay::skip(uint32_t n) {
  uint8_t lost[64];
  uint32_t bytes = n * frame_bytes();
  while (bytes > 0 && input_read(lost, min(bytes, (uint32_t)sizeof lost)) > 0) {
    bytes -= min(bytes, (uint32_t)sizeof lost);
  }
  advance(n - (bytes + frame_bytes() - 1) / frame_bytes(), n);
}

/* An input that ends early ends the recording. */
uint32_t Replay::advance(uint32_t got, uint32_t wanted) {
  position_ += got;
  if (got < wanted) {
    header_.frames = position_;
  }
  return got;
}

uint32_t Replay::frame_bytes() const {
  const uint32_t element = header_.format == REPLAY_FLOAT32 ? 4 : header_.format == REPLAY_INT16 ? 2 : 1;
  return element * header_.channels * header_.width * header_.height;
}

void Replay::idle() {
  if (given() && left() == 0 && ++idle_rounds_ > IDLE_ROUNDS) {
    exit(0);
  }
}
