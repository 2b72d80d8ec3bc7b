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

/* The lower halves of a and b, a's below. */
static inline int32_t tp_pkhbt_lsl16(int32_t a, int32_t b) {
  int32_t y;
  __asm__("pkhbt %0, %1, %2, lsl #16" : "=r"(y) : "r"(a), "r"(b));
  return y;
}

/* The upper halves of a and b, b's below. */
static inline int32_t tp_pkhtb_asr16(int32_t a, int32_t b) {
  int32_t y;
  __asm__("pkhtb %0, %1, %2, asr #16" : "=r"(y) : "r"(a), "r"(b));
  return y;
}

/* Sums of halfwords. */
static inline int32_t tp_sadd16(int32_t a, int32_t b) {
  int32_t y;
  __asm__("sadd16 %0, %1, %2" : "=r"(y) : "r"(a), "r"(b));
  return y;
}

/* acc + the products of both halfwords. */
static inline int32_t tp_smlad(int32_t a, int32_t b, int32_t acc) {
  int32_t y;
  __asm__("smlad %0, %1, %2, %3" : "=r"(y) : "r"(a), "r"(b), "r"(acc));
  return y;
}

/* The larger of each byte, and the smaller. */
static inline uint32_t tp_largest_bytes(uint32_t a, uint32_t b) {
  uint32_t y;
  __asm__("ssub8 %0, %1, %2\nsel %0, %1, %2" : "=&r"(y) : "r"(a), "r"(b));
  return y;
}

static inline uint32_t tp_smallest_bytes(uint32_t a, uint32_t b) {
  uint32_t y;
  __asm__("ssub8 %0, %1, %2\nsel %0, %2, %1" : "=&r"(y) : "r"(a), "r"(b));
  return y;
}

#ifdef __cplusplus
}
#endif
#endif
#endif
