#ifndef TP_MAGNITUDE_S32_H
#define TP_MAGNITUDE_S32_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t length; /* bins */
} tp_magnitude_s32_t;

/* input [length] real and imaginary parts, magnitudes below 2^31 -> output [length] magnitudes, rounded to nearest,
   each and a 0. May be in place. */
void tp_magnitude_s32(const tp_magnitude_s32_t *p, const int32_t *input, uint32_t *output);

#ifdef __cplusplus
}
#endif
#endif
