/* Row blocks for a single column that stands in RAM as bytes in their own order: a dense layer's input. */
#ifndef TP_ROW_BLOCKS_BYTES_H
#define TP_ROW_BLOCKS_BYTES_H

#include "tp_rows.h"

#if defined(TP_MVE)
#include "tp_row_blocks_bytes_mve.h"
#elif defined(TP_DSP)
#include "tp_row_blocks_bytes_dsp.h"
#else
#include "tp_row_blocks_c.h"

#ifdef __cplusplus
extern "C" {
#endif

static inline void tp_row_blocks_bytes(const int32_t *rows, const int8_t *input, int32_t taps, int32_t out_depth,
                                       int32_t zero_point, int8_t *output) {
  tp_row_blocks(rows, input, taps, out_depth, zero_point, output, 1);
}

#ifdef __cplusplus
}
#endif
#endif
#endif
