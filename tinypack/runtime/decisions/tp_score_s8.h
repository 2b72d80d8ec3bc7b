#ifndef TP_SCORE_S8_H
#define TP_SCORE_S8_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t multiplier; /* of (q - zero_point) / 2^shift; 0..2^30 - 1 */
  int32_t shift;      /* 0..62 */
  int32_t zero_point;
  int32_t length;
} tp_score_s8_t;

/* input [length] -> score [length]: (input - zero_point) * multiplier / 2^shift, rounded down. */
void tp_score_s8(const tp_score_s8_t *p, const int8_t *input, int32_t *score);

#ifdef __cplusplus
}
#endif
#endif
