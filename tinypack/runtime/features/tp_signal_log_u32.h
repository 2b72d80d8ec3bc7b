#ifndef TP_SIGNAL_LOG_U32_H
#define TP_SIGNAL_LOG_U32_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const uint16_t *bulge; /* log2(1 + x) - x, Q16, at 128ths, [129] */
  uint32_t scale;        /* 1..2^11 - 1 */
  int32_t length;
  int32_t correction_bits; /* 0..31 */
} tp_signal_log_u32_t;

/* input [length] -> output [length]: scale * ln(input * 2^correction_bits), up to 32767; 0 where there would be less
   than 2 to take the logarithm of. May be in place. */
void tp_signal_log_u32(const tp_signal_log_u32_t *p, const uint32_t *input, int32_t *output);

#ifdef __cplusplus
}
#endif
#endif
