/* What the core asks of a sensor that replays a recording, and of a timer. All are null without one, and its code is
 * not linked. */
#ifndef tinypack_hooks_h
#define tinypack_hooks_h

#include <stdint.h>

/* There are no interrupts: what a sensor or a timer would deliver by one, it delivers here. GLANCE: the sketch looked
   at the clock; ROUND: it has time, between two calls of loop(), in delay() or in yield(). */
enum sensor_poll_t { GLANCE, ROUND };
extern void (*sensor_poll)(sensor_poll_t);
extern void (*timer_poll)(sensor_poll_t);

/* One of them runs: what it calls of the sketch would be an interrupt on a board. */
extern bool interrupting;

/* Time in place of the machine's, after letting it pass. Units: microseconds */
extern uint64_t (*sensor_time)(uint32_t pass);

/* The sketch's time, without a poll. Units: microseconds */
uint64_t sensor_now();

#endif
