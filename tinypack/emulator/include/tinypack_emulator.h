/* What the emulator offers beyond a real board's API. TINYPACK_EMULATOR is defined wherever this file exists. */
#ifndef TINYPACK_EMULATOR_H
#define TINYPACK_EMULATOR_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Fill the free part of the stack with a pattern. */
void tinypack_stack_paint(void);

/* Bytes of stack that were used below the caller since the paint, at most.
   0 on native: a host's stack frames say nothing about a microcontroller's. */
uint32_t tinypack_stack_used(void);

/* Markers: `run.py --count` counts the instructions that are executed between them. */
void bench_begin(void);
void bench_end(void);

/* Call a function at a rate, as a timer's interrupt would on a board: the first time after one period, and up to the
   end of the recording that a sensor replays. There is one such timer; each period is counted from the start, so that
   none drifts. The calls come where callbacks of sensors come, all that are due, each at its own time of the clock.
   Units: millihertz > 0 in calls in 1000 seconds */
void tinypack_every(uint32_t millihertz, void (*call)(void));

#ifdef __cplusplus
}
#endif
#endif
