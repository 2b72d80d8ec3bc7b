#ifndef TP_SIGNAL_CLIP_U32_H
#define TP_SIGNAL_CLIP_U32_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t length;
} tp_signal_clip_u32_t;

/* input [length] -> output [length]: up to 65535. May be in place. */
void tp_signal_clip_u32(const tp_signal_clip_u32_t *p, const uint32_t *input, int32_t *output);

#ifdef __cplusplus
}
#endif
#endif
