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

static inline int tp_all_inside(const tp_taps_t *t, int32_t taps) {
  return t->begin == 0 && t->end == taps;
}

/* Sum of a filter's weights [rows, columns, depth] whose taps lie in the padding: a bias with -zero point * weight
   folded in for every tap owes them zero point * this. */
static inline int32_t tp_padding_weights(const int8_t *w, int32_t filter_h, int32_t filter_w, int32_t depth,
                                         const tp_taps_t *rows, const tp_taps_t *columns) {
  int32_t acc = 0;
  for (int32_t i = 0; i < filter_h; i++) {
    const int row_inside = i >= rows->begin && i < rows->end;
    for (int32_t j = 0; j < filter_w; j++) {
      if (!row_inside || j < columns->begin || j >= columns->end) {
        for (int32_t c = 0; c < depth; c++) {
          acc += tp_flash_s8(w + c);
        }
      }
      w += depth;
    }
  }
  return acc;
}

#ifdef __cplusplus
}
#endif
#endif
