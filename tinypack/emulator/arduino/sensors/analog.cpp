/* analogRead() of a recording's channels. */
#include "Arduino.h"
#include "replay.h"

static int16_t row[8];
static uint32_t unread; /* a bit for each channel */

int analogRead(pin_size_t pin) {
  static bool started;
  if (!replay.given()) {
    return 0;
  }
  const replay_header_t &header = replay.header();
  if (!started) {
    started = true;
    replay.start("analogRead", REPLAY_INT16, nullptr);
    replay.hasten();
    if (header.channels > sizeof row / sizeof row[0]) {
      replay_refuse("analogRead", "channels", header.channels, sizeof row / sizeof row[0]);
    }
  }
  const uint32_t channel = pin >= A0 ? pin - A0 : pin;
  if (channel >= header.channels) {
    return 0;
  }
  const bool again = (unread & 1u << channel) == 0;
  if (replay.left() == 0 && again && !interrupting) {
    exit(0); /* a pin always has a value: no other sign of the end could come */
  }
  /* By the clock the newest row counts; one that waits goes on when a channel is asked for again. */
  if (replay.waits() ? again : replay.available(1) > 0) {
    replay.take(row, 1);
    unread = ~0u;
  }
  unread &= ~(1u << channel);
  return row[channel];
}
