/* What the core asks of a sensor that replays a recording. Both are null without one, and its code is not linked. */
#ifndef tinypack_hooks_h
#define tinypack_hooks_h

#include <stdint.h>

/* There are no interrupts: what a sensor would deliver by one, it delivers here. GLANCE: the sketch looked at the
   clock; ROUND: it has time, between two calls of loop(), in delay() or in yield(). */
enum sensor_poll_t { GLANCE, ROUND };
extern void (*sensor_poll)(sensor_poll_t);

/* Time in place of the machine's, after letting it pass. Units: microseconds */
extern uint64_t (*sensor_time)(uint32_t pass);

#endif
