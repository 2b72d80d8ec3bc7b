#ifndef TP_SIGNAL_WINDOW_S16_H
#define TP_SIGNAL_WINDOW_S16_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const int16_t *weight; /* [length] */
  int32_t length;
  int32_t shift; /* 0..31 */
} tp_signal_window_s16_t;

/* input [length] -> output [length]: input * weight / 2^shift, rounded down, saturated. May be in place. */
void tp_signal_window_s16(const tp_signal_window_s16_t *p, const int16_t *input, int16_t *output);

#ifdef __cplusplus
}
#endif
#endif
