/* Parameters of all pools, and the walk over their windows. */
#ifndef TP_POOL_H
#define TP_POOL_H

#include "tp_patch.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t batches;
  int32_t in_h;
  int32_t in_w;
  int32_t depth;
  int32_t out_h;
  int32_t out_w;
  int32_t filter_h;
  int32_t filter_w;
  int32_t stride_h;
  int32_t stride_w;
  int32_t pad_top;
  int32_t pad_left;
  int32_t act_min;
  int32_t act_max;
} tp_pool_t;

/* Writes all channels of one output pixel; x is the patch's first pixel. */
typedef void tp_pool_pixel(const tp_pool_t *p, const int8_t *x, const tp_patch_t *patch, int8_t *output);

/* Along one axis: where a window begins inside the image, and how much of it lies there: of SAME and VALID padding,
   always a part. */
static inline int32_t tp_pool_inside(int32_t origin, int32_t taps, int32_t size, int32_t *begin) {
  const int32_t end = origin + taps;
  *begin = origin > 0 ? origin : 0;
  return (end < size ? end : size) - *begin;
}

/* Calls `pixel` for each window. */
static inline void tp_pool_each(const tp_pool_t *p, const int8_t *input, int8_t *output, tp_pool_pixel *pixel) {
  const int32_t row_bytes = p->in_w * p->depth;
  for (int32_t b = 0; b < p->batches; b++) {
    for (int32_t y = 0; y < p->out_h; y++) {
      for (int32_t x = 0; x < p->out_w; x++) {
        tp_patch_t patch;
        int32_t row, column;
        patch.rows = tp_pool_inside(y * p->stride_h - p->pad_top, p->filter_h, p->in_h, &row);
        patch.columns = tp_pool_inside(x * p->stride_w - p->pad_left, p->filter_w, p->in_w, &column);
        patch.step = p->depth;
        patch.gap = row_bytes - patch.columns * p->depth;
        if (patch.gap == 0) { /* whole rows: one long one */
          patch.columns *= patch.rows;
          patch.rows = 1;
        }
        pixel(p, input + row * row_bytes + column * p->depth, &patch, output);
        output += p->depth;
      }
    }
    input += p->in_h * row_bytes;
  }
}

#ifdef __cplusplus
}
#endif
#endif
