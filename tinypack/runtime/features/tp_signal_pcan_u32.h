#ifndef TP_SIGNAL_PCAN_U32_H
#define TP_SIGNAL_PCAN_U32_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const int16_t *gain; /* [125] */
  int32_t length;
  int32_t snr_shift; /* 0..31 */
} tp_signal_pcan_u32_t;

/* input, estimate [length] -> output [length]: input * gain(estimate) / 2^snr_shift, less 1. May be in place. */
void tp_signal_pcan_u32(const tp_signal_pcan_u32_t *p, const uint32_t *input, const uint32_t *estimate,
                        uint32_t *output);

#ifdef __cplusplus
}
#endif
#endif
