/* Running means over the last elements of a stream. The window's memory is all zero at the start. */
#ifndef TP_WINDOW_MEAN_H
#define TP_WINDOW_MEAN_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

/* progress [2] of a window: where the next element goes, and how many there are. */
#define TP_WINDOW_AT 0
#define TP_WINDOW_COUNT 1

/* Give the place of a new element, which is that of the oldest one, and go on to the next. */
static inline int32_t tp_window_advance(int32_t *progress, int32_t window) {
  const int32_t at = progress[TP_WINDOW_AT];
  progress[TP_WINDOW_AT] = at + 1 == window ? 0 : at + 1;
  progress[TP_WINDOW_COUNT] += progress[TP_WINDOW_COUNT] < window ? 1 : 0;
  return at;
}

/* x / count, rounded down. count: above 0 */
static inline int32_t tp_floor_div(int32_t x, int32_t count) {
  return x / count - (x % count < 0 ? 1 : 0);
}

#ifdef __cplusplus
}
#endif
#endif
