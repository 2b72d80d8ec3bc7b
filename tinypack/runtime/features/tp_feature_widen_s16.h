#ifndef TP_FEATURE_WIDEN_S16_H
#define TP_FEATURE_WIDEN_S16_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t length;
} tp_feature_widen_s16_t;

/* samples [length] -> features [length], the same values. */
void tp_feature_widen_s16(const tp_feature_widen_s16_t *p, const int16_t *samples, int32_t *features);

#ifdef __cplusplus
}
#endif
#endif
