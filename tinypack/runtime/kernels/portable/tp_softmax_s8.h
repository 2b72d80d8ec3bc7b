#ifndef TP_SOFTMAX_S8_H
#define TP_SOFTMAX_S8_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t rows;
  int32_t classes;
  int32_t multiplier;       /* Q31: with `shift`, beta * input scale in Q5.26 */
  int32_t shift;            /* to the left */
  int32_t least_difference; /* to the row's largest input; what lies below counts as zero probability */
} tp_softmax_s8_t;

/* input [rows, classes] -> output [rows, classes], scale 1/256, zero point -128; may be the same memory */
void tp_softmax_s8(const tp_softmax_s8_t *p, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif
#endif
