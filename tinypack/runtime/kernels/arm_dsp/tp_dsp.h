/* Instructions of the DSP extension that C has no operators for. */
#ifndef TP_DSP_H
#define TP_DSP_H

#include "tp_common.h"

#if defined(TP_DSP)
#ifdef __cplusplus
extern "C" {
#endif

/* Bytes 0 and 2 as halfwords. */
static inline int32_t tp_sxtb16(int32_t x) {
  int32_t y;
  __asm__("sxtb16 %0, %1" : "=r"(y) : "r"(x));
  return y;
}

/* Bytes 1 and 3 as halfwords. */
static inline int32_t tp_sxtb16_ror8(int32_t x) {
  int32_t y;
  __asm__("sxtb16 %0, %1, ror #8" : "=r"(y) : "r"(x));
  return y;
}

/* acc + the products of both halfwords. */
static inline int32_t tp_smlad(int32_t a, int32_t b, int32_t acc) {
  int32_t y;
  __asm__("smlad %0, %1, %2, %3" : "=r"(y) : "r"(a), "r"(b), "r"(acc));
  return y;
}

#ifdef __cplusplus
}
#endif
#endif
#endif
