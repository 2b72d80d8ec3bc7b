#ifndef TP_LINEAR_U64_H
#define TP_LINEAR_U64_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint32_t factor; /* >= 2^31 */
  int32_t shift;
  int32_t order; /* values are times 2^(order * exponent): 1 for magnitudes, 2 for powers */
  int32_t highest;
  int32_t length;
} tp_linear_u64_t;

/* input [length] in halves, the lower first, exponent [1] -> output [length]: input * 2^(order * exponent) * factor /
   2^shift, rounded to nearest, highest at most */
void tp_linear_u64(const tp_linear_u64_t *p, const uint32_t *input, const int32_t *exponent, int32_t *output);

#ifdef __cplusplus
}
#endif
#endif
