#include "tp_pad_s8.h"

static inline int inside(int32_t position, int32_t extent) {
  return position >= 0 && position < extent;
}

void tp_pad_s8(const tp_pad_s8_t *p, const int8_t *input, int8_t *output) {
  const int32_t *n = p->extents;
  const int32_t *first = p->before;
  const int32_t *extra = p->after;
  for (int32_t i = -first[0]; i < n[0] + extra[0]; i++) {
    for (int32_t j = -first[1]; j < n[1] + extra[1]; j++) {
      for (int32_t k = -first[2]; k < n[2] + extra[2]; k++) {
        const int row = inside(i, n[0]) && inside(j, n[1]) && inside(k, n[2]);
        for (int32_t l = -first[3]; l < n[3] + extra[3]; l++) {
          *output++ = (int8_t)(row && inside(l, n[3]) ? *input++ : p->value);
        }
      }
    }
  }
}
