#ifndef TP_POWER_S32_H
#define TP_POWER_S32_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t length; /* bins */
} tp_power_s32_t;

/* input [length] real and imaginary parts, magnitudes below 2^31 -> output [length] squared magnitudes, each in two
   halves, the lower first. May be in place. */
void tp_power_s32(const tp_power_s32_t *p, const int32_t *input, uint32_t *output);

#ifdef __cplusplus
}
#endif
#endif
