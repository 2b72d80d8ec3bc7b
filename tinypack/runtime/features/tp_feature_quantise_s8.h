#ifndef TP_FEATURE_QUANTISE_S8_H
#define TP_FEATURE_QUANTISE_S8_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const int64_t *offset;     /* times 2^shift, with the half that rounds; [length] if per_feature, else [1] */
  const int32_t *multiplier; /* as offset */
  const uint8_t *shift;      /* 0..46, as offset */
  int32_t length;
  int32_t per_feature; /* 0 or 1 */
} tp_feature_quantise_s8_t;

/* input [length] fixed point -> output [length]: input * multiplier / 2^shift + offset, saturated. May be in place. */
void tp_feature_quantise_s8(const tp_feature_quantise_s8_t *p, const int32_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif
#endif
