#ifndef TP_FILTER_BANK_U64_H
#define TP_FILTER_BANK_U64_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const uint16_t *weight; /* of all filters in a row */
  const uint16_t *start;  /* first bin, [filters] */
  const uint16_t *count;  /* bins, [filters] */
  int32_t filters;
  int32_t shift; /* 1..31 */
  int32_t wide;  /* 0: the input is below 2^32 */
} tp_filter_bank_u64_t;

/* input [bins] -> output [filters]: weighted sums / 2^shift, rounded down; they must be below 2^64.
   Both in halves, the lower first. */
void tp_filter_bank_u64(const tp_filter_bank_u64_t *p, const uint32_t *input, uint32_t *output);

#ifdef __cplusplus
}
#endif
#endif
