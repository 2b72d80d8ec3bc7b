/* The sum of products at the heart of convolutions and dense layers. */
#ifndef TP_DOT_H
#define TP_DOT_H

#include <string.h>

#include "tp_common.h"
#include "tp_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifdef TP_DSP

/* Nine instructions for four products. */
static inline int32_t tp_dot(const int8_t *x, const int8_t *w, int32_t n) {
  int32_t acc = 0;
  for (; n >= 4; n -= 4) {
    int32_t a, b;
    memcpy(&a, x, 4);
    memcpy(&b, w, 4);
    acc = tp_smlad(tp_sxtb16(a), tp_sxtb16(b), acc);
    acc = tp_smlad(tp_sxtb16_ror8(a), tp_sxtb16_ror8(b), acc);
    x += 4;
    w += 4;
  }
  for (; n > 0; n--) {
    acc += *x++ * *w++;
  }
  return acc;
}

#else

/* x in RAM, w in flash. By four, since the Arduino cores compile with -Os, which unrolls nothing. */
static inline int32_t tp_dot(const int8_t *x, const int8_t *w, int32_t n) {
  int32_t acc = 0;
  for (; n >= 4; n -= 4) {
    acc += x[0] * tp_flash_s8(w);
    acc += x[1] * tp_flash_s8(w + 1);
    acc += x[2] * tp_flash_s8(w + 2);
    acc += x[3] * tp_flash_s8(w + 3);
    x += 4;
    w += 4;
  }
  for (; n > 0; n--) {
    acc += *x++ * tp_flash_s8(w++);
  }
  return acc;
}

#endif

#ifdef __cplusplus
}
#endif
#endif
