#include "tp_concatenation_s8.h"

void tp_concatenation_s8(const tp_concatenation_s8_t *p, const int8_t *input, int8_t *output) {
  output += p->offset;
  for (int32_t r = 0; r < p->rows; r++) {
    for (int32_t i = 0; i < p->in_row; i++) {
      output[i] = *input++;
    }
    output += p->out_row;
  }
}
