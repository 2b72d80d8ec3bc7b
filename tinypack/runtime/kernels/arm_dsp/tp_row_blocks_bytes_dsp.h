/* Row blocks for a single column of bytes, by the DSP extension. */
#ifndef TP_ROW_BLOCKS_BYTES_DSP_H
#define TP_ROW_BLOCKS_BYTES_DSP_H

#include "tp_rows.h"

#ifdef __cplusplus
extern "C" {
#endif

/* rows: as tp_rows.h says. taps: a multiple of 8; out_depth: of 4. input [taps] -> output [out_depth]
   Input and output may lie at any address: loads and stores of one word allow it. */
void tp_row_blocks_bytes(const int32_t *rows, const int8_t *input, int32_t taps, int32_t out_depth, int32_t zero_point,
                         int8_t *output);

#ifdef __cplusplus
}
#endif
#endif
