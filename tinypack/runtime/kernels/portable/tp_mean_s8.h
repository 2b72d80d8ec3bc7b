#ifndef TP_MEAN_S8_H
#define TP_MEAN_S8_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t outer;
  int32_t reduced_0;
  int32_t middle;
  int32_t reduced_1;
  int32_t inner;
  int32_t offset;     /* -input zero point * count of elements that are averaged */
  int32_t multiplier; /* Q31, with the count divided out */
  int32_t shift;      /* positive is left */
  int32_t out_zero_point;
} tp_mean_s8_t;

/* input [outer, reduced_0, middle, reduced_1, inner] -> output [outer, middle, inner] */
void tp_mean_s8(const tp_mean_s8_t *p, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif
#endif
