#include "tp_join_s32.h"

void tp_join_s32(const tp_join_s32_t *p, const int32_t *a, const int32_t *b, int32_t *output) {
  for (int32_t i = 0; i <= p->length; i++) {
    output[i] = i < p->length ? a[i] : b[0];
  }
}
