/* The recording that a sensor's stand-in replays: a header and frames on the standard input, as builder/recording.py
 * writes them. A frame is a sample of each channel, or a picture.
 *
 * By the clock, frame i is there (i + 1) / rate after the start; what a sensor has no room for is lost. A recording that
 * waits stands still until the sketch asks, so nothing is lost, and time goes by what the sketch does: a frame's
 * duration for each look at the clock.
 * Once a recording has ended, the sketch may go on for a while; then the program exits with 0.
 */
#ifndef tinypack_replay_h
#define tinypack_replay_h

#include <stddef.h>
#include <stdint.h>

#include "hooks.h"

enum replay_format_t { REPLAY_INT16 = 1, REPLAY_FLOAT32 = 2, REPLAY_PIXELS = 4 };

struct replay_header_t {
  uint8_t magic[8];
  uint8_t format;
  uint8_t waits;
  uint16_t channels;      /* of a picture: bytes of a pixel */
  uint32_t millihertz;    /* frames in 1000 seconds */
  uint32_t frames;
  uint16_t width, height; /* of a picture, else 1 */
};

class Replay {
 public:
  /* Whether there is a recording. The first call looks at the input. */
  bool given();

  /* Let its time begin, for a sensor that takes these formats, or end the program. `deliver` is called where an
     interrupt may come; null: the sketch fetches all itself. */
  void start(const char *sensor, unsigned formats, void (*deliver)(sensor_poll_t));

  /* Have the first frame there at once, and each half a period early: for a sketch that asks once a period. */
  void hasten() { start_ -= (uint64_t)frame_us() * 3u / 2u; }

  const replay_header_t &header() const { return header_; }
  float rate() const { return (float)header_.millihertz / 1000.0f; }
  bool waits() const { return header_.waits != 0; }
  uint32_t left() const { return header_.frames - position_; }

  /* Frames that are due; all that are left if the recording waits. */
  uint32_t due();

  /* Frames in a sensor that keeps the newest `depth`; older ones are lost. One at a time if the recording waits. */
  uint32_t available(uint32_t depth);

  /* Take the next frames, at most n. */
  uint32_t take(void *frames, uint32_t n);

  /* Take the next n bytes of the next frame; 0 after the last. */
  uint32_t take_bytes(void *data, uint32_t n);

  /* Note that the sketch has asked in vain, or has begun another round. */
  void idle();

 private:
  static uint64_t time(uint32_t pass);
  void skip(uint32_t n);
  uint32_t advance(uint32_t got, uint32_t wanted);
  uint32_t frame_bytes() const;
  uint32_t frame_us() const { return 1000000000u / header_.millihertz; }

  replay_header_t header_;
  bool looked_, given_;
  bool taken_; /* the one frame of this round */
  uint32_t position_;
  uint32_t part_; /* bytes taken of the frame at this position */
  uint32_t idle_rounds_;
  uint64_t start_; /* us */
  uint64_t spent_; /* us, if the recording waits */
};

extern Replay replay;

/* End the program, because recording and sketch don't go together: both say what they have. */
__attribute__((noreturn)) void replay_refuse(const char *sensor, const char *what, double recording, double sketch);

#endif
