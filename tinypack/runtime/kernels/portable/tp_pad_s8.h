#ifndef TP_PAD_S8_H
#define TP_PAD_S8_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const int32_t *extents; /* [4] of the input, outermost first */
  const int32_t *before;  /* [4] elements put before each dimension */
  const int32_t *after;   /* [4] elements put after it */
  int32_t value;
} tp_pad_s8_t;

/* input [extents] -> output [before + extents + after] */
void tp_pad_s8(const tp_pad_s8_t *p, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif
#endif
