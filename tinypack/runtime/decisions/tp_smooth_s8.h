#ifndef TP_SMOOTH_S8_H
#define TP_SMOOTH_S8_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t multiplier; /* of (q - zero_point) / 2^shift; 0..2^30 - 1 */
  int32_t shift;      /* 0..62 */
  int32_t zero_point;
  int32_t length;
  int32_t window; /* inputs that the mean is over */
} tp_smooth_s8_t;

/* ring [window * length], sum [length], progress [2]: state; input [length] -> score [length].
   score: mean of (input - zero_point) * multiplier / 2^shift over the last inputs, or as many as there are; rounded
   down. */
void tp_smooth_s8(const tp_smooth_s8_t *p, int8_t *ring, int32_t *sum, int32_t *progress, const int8_t *input,
                  int32_t *score);

#ifdef __cplusplus
}
#endif
#endif
