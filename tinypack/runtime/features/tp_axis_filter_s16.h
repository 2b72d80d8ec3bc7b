#ifndef TP_AXIS_FILTER_S16_H
#define TP_AXIS_FILTER_S16_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const int32_t *sections; /* [count][4], Q30: 1 - a1, a2, a3 and damping of state-variable sections */
  int32_t count;
  int32_t high; /* 0: low-pass, 1: high-pass */
  int32_t channels;
  int32_t length;
} tp_axis_filter_s16_t;

/* samples [length, channels] -> signals [channels, length], Q10, within +-(2^27 - 1); each window starts from rest. */
void tp_axis_filter_s16(const tp_axis_filter_s16_t *p, const int16_t *samples, int32_t *signals);

#ifdef __cplusplus
}
#endif
#endif
