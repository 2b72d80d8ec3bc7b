/* Which taps of a sliding window lie inside the input. */
#ifndef TP_WINDOW_H
#define TP_WINDOW_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t origin; /* input position of tap 0, negative in the padding */
  int32_t begin;  /* first tap inside */
  int32_t end;    /* one after the last tap inside; begin if there is none */
} tp_taps_t;

/* Along one axis: output position, stride, padding before, dilation, taps of the window, size of the input. */
static inline tp_taps_t tp_taps(int32_t out, int32_t stride, int32_t pad, int32_t dilation, int32_t taps, int32_t size) {
  tp_taps_t t;
  t.origin = out * stride - pad;
  t.begin = t.origin < 0 ? tp_clamp((dilation - 1 - t.origin) / dilation, 0, taps) : 0;
  t.end = t.origin < size ? tp_clamp((size - t.origin + dilation - 1) / dilation, t.begin, taps) : t.begin;
  return t;
}

#ifdef __cplusplus
}
#endif
#endif
