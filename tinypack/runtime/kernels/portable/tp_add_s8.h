#ifndef TP_ADD_S8_H
#define TP_ADD_S8_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const int32_t *extents;   /* [4] of the output, outermost first */
  const int32_t *strides_1; /* [4] of input_1; 0 where it is repeated */
  const int32_t *strides_2; /* [4] of input_2 */
  int32_t zero_point_1;
  int32_t zero_point_2;
  int32_t multiplier_1; /* Q31 */
  int32_t shift_1;      /* 0 or below, as all shifts here */
  int32_t multiplier_2;
  int32_t shift_2;
  int32_t sign;       /* of input_2: 1 adds, -1 subtracts */
  int32_t multiplier; /* of the sum */
  int32_t shift;
  int32_t out_zero_point;
  int32_t act_min;
  int32_t act_max;
} tp_add_s8_t;

/* input_1 + sign * input_2 -> output, which may be either input */
void tp_add_s8(const tp_add_s8_t *p, const int8_t *input_1, const int8_t *input_2, int8_t *output);

#ifdef __cplusplus
}
#endif
#endif
