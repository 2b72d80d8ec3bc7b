/* Rows of one input into those of the output: 1.4 instructions an element on a Cortex-M4, 4 on a Cortex-M0. */
#include "tp_concatenation_s8.h"

#include <string.h>

void tp_concatenation_s8(const tp_concatenation_s8_t *p, const int8_t *input, int8_t *output) {
  const int32_t others = p->out_row - p->in_row;
  output += p->offset;
  for (int32_t r = p->rows; r > 0; r--) {
    int32_t n = p->in_row;
#if defined(__ARM_FEATURE_UNALIGNED) /* an instruction moves four bytes wherever they lie */
    for (; n >= 4; n -= 4) {
      memcpy(output, input, 4);
      output += 4;
      input += 4;
    }
#endif
    for (; n > 0; n--) {
      *output++ = *input++;
    }
    output += others;
  }
}
