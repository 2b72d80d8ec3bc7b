#ifndef TP_DCT_S32_H
#define TP_DCT_S32_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const int32_t *matrix; /* [outputs, inputs], Q28 */
  int32_t inputs;
  int32_t outputs;
} tp_dct_s32_t;

/* input [inputs] -> output [outputs]: matrix * input, rounded to nearest; it must fit */
void tp_dct_s32(const tp_dct_s32_t *p, const int32_t *input, int32_t *output);

#ifdef __cplusplus
}
#endif
#endif
