#include "tp_concatenation_s8.h"

void tp_concatenation_s8(const tp_concatenation_s8_t *p, const int8_t *input, int8_t *output) {
  for (int32_t r = 0; r < p->rows; r++) {
    int8_t *row = output + p->offset + r * p->out_row;
    for (int32_t i = 0; i < p->in_row; i++) {
      row[i] = *input++;
    }
  }
}
