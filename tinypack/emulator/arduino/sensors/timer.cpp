/* tinypack_every(). A call that comes late sees the time at which it was due, and so do the sensors that it asks. */
#include <tinypack_emulator.h>

#include "Arduino.h"
#include "machine.h"
#include "replay.h"

static void (*called)();
static uint32_t rate; /* mHz */
static uint64_t calls;
static uint64_t start, next, moment; /* us */

static uint64_t due(uint64_t call) { return start + (call + 1) * 1000000000u / rate; }

/* Goes on by itself: a call may wait for the clock. */
static uint64_t time_of_call(uint32_t pass) { return moment += max(pass, (uint32_t)1); }

static void call_late() {
  moment = next;
  next = due(++calls);
  sensor_time = time_of_call;
  called();
  sensor_time = nullptr;
}

static void deliver(sensor_poll_t kind) {
  if (kind == ROUND) {
    replay.idle();
  }
  const bool given = replay.given();
  if (given && replay.waits()) {
    if (kind == ROUND && replay.left() > 0) {
      called();
    }
    return;
  }
  while (machine_micros() >= next && !(given && replay.left() == 0)) {
    call_late();
  }
}

void tinypack_every(uint32_t millihertz, void (*call)(void)) {
  called = call;
  rate = millihertz;
  calls = 0;
  start = machine_micros();
  next = due(0);
  timer_poll = deliver;
}
