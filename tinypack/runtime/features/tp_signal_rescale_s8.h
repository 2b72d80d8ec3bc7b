#ifndef TP_SIGNAL_RESCALE_S8_H
#define TP_SIGNAL_RESCALE_S8_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t multiplier; /* of inputs, and */
  int32_t addend;     /* added then, within 32 bits */
  int32_t divisor;    /* above 0 */
  int32_t offset;
  int32_t lowest;
  int32_t highest;
  int32_t length;
} tp_signal_rescale_s8_t;

/* input [length] -> output [length]: (input * multiplier + addend) / divisor, rounded towards 0, + offset, held between
   the limits. May be in place. */
void tp_signal_rescale_s8(const tp_signal_rescale_s8_t *p, const int32_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif
#endif
