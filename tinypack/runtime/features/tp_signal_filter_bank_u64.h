#ifndef TP_SIGNAL_FILTER_BANK_U64_H
#define TP_SIGNAL_FILTER_BANK_U64_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const uint16_t *weight; /* of each slope's bins in turn: for the filter that falls, and for the one that rises */
  const uint16_t *start;  /* first bin of a slope, [channels + 1] */
  const uint16_t *width;  /* bins of a slope, [channels + 1] */
  int32_t channels;
} tp_signal_filter_bank_u64_t;

/* input [bins] -> output [channels]: sums of input * weight along slope i, rising, and along slope i + 1, falling */
void tp_signal_filter_bank_u64(const tp_signal_filter_bank_u64_t *p, const uint32_t *input, uint64_t *output);

#ifdef __cplusplus
}
#endif
#endif
