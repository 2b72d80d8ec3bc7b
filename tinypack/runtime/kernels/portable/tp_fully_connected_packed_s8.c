/* Dense layers by row blocks of a single column: tp_row_blocks_bytes says what a multiply-accumulate takes. */
#include "tp_fully_connected_packed_s8.h"

#include <string.h>

void tp_fully_connected_packed_s8(const tp_fully_connected_packed_s8_t *p, const int8_t *input, int8_t *output) {
  const int32_t whole = p->out_depth - p->out_depth % TP_BLOCK;
  const int32_t *last = p->rows + whole / TP_BLOCK * (p->in_depth + TP_BLOCK_WORDS);
  for (int32_t b = 0; b < p->batches; b++) {
    if (whole > 0) {
      tp_row_blocks_bytes(p->rows, input, p->in_depth, whole, p->out_zero_point, output);
    }
    if (whole < p->out_depth) {
      int8_t block[TP_BLOCK];
      tp_row_blocks_bytes(last, input, p->in_depth, TP_BLOCK, p->out_zero_point, block);
      memcpy(output + whole, block, (size_t)(p->out_depth - whole));
    }
    if (p->act_min > INT8_MIN || p->act_max < INT8_MAX) {
      for (int32_t c = 0; c < p->out_depth; c++) {
        output[c] = (int8_t)tp_clamp(output[c], p->act_min, p->act_max);
      }
    }
    input += p->in_depth;
    output += p->out_depth;
  }
}
