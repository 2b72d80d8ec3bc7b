#ifndef TP_FULLY_CONNECTED_PACKED_S8_H
#define TP_FULLY_CONNECTED_PACKED_S8_H

#include "tp_row_blocks_bytes.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const int32_t *rows; /* as tp_rows.h says; channels of zeros fill the last block */
  int32_t batches;
  int32_t in_depth; /* a multiple of 8 */
  int32_t out_depth;
  int32_t out_zero_point;
  int32_t act_min;
  int32_t act_max;
} tp_fully_connected_packed_s8_t;

/* input [batches, in_depth] -> output [batches, out_depth] */
void tp_fully_connected_packed_s8(const tp_fully_connected_packed_s8_t *p, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif
#endif
