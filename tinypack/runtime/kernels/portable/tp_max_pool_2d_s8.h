#ifndef TP_MAX_POOL_2D_S8_H
#define TP_MAX_POOL_2D_S8_H

#include "tp_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef tp_pool_t tp_max_pool_2d_s8_t;

/* input [batches, in_h, in_w, depth] -> output [batches, out_h, out_w, depth] */
void tp_max_pool_2d_s8(const tp_max_pool_2d_s8_t *p, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif
#endif
