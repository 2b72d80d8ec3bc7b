/* Padding: 9 instructions an element on a Cortex-M4, 11 on a Cortex-M0. */
#include "tp_pad_s8.h"

#include "tp_fixed.h"

static inline int inside(int32_t position, int32_t extent) {
  return position >= 0 && position < extent;
}

/* n elements, all of them the same where step is 0; gives where the next one goes. */
TP_APART static int8_t *run(const int8_t *from, int32_t step, int32_t n, int8_t *output) {
  for (; n > 0; n--) {
    *output++ = *from;
    from += step;
  }
  return output;
}

void tp_pad_s8(const tp_pad_s8_t *p, const int8_t *input, int8_t *output) {
  const int32_t *n = p->extents;
  const int32_t *first = p->before;
  const int32_t *extra = p->after;
  const int8_t value = (int8_t)p->value;
  for (int32_t i = -first[0]; i < n[0] + extra[0]; i++) {
    for (int32_t j = -first[1]; j < n[1] + extra[1]; j++) {
      for (int32_t k = -first[2]; k < n[2] + extra[2]; k++) {
        const int row = inside(i, n[0]) && inside(j, n[1]) && inside(k, n[2]);
        output = run(&value, 0, first[3], output);
        output = run(row ? input : &value, row, n[3], output);
        output = run(&value, 0, extra[3], output);
        input += row ? n[3] : 0;
      }
    }
  }
}
