#ifndef TP_LOG_U64_H
#define TP_LOG_U64_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const int32_t *log2;     /* of 1 + i / 64, Q24, [66] */
  int64_t bias;            /* times 2^shift, with the half that rounds */
  int32_t factor;          /* >= 0 */
  int32_t shift;           /* 0..62 */
  uint32_t offset;         /* added to values before the logarithm: offset * 2^offset_exponent */
  int32_t offset_exponent;
  int32_t up;              /* room for the offset's fraction: the input is below 2^(63 - up); 0 without an offset */
  int32_t order;           /* values are times 2^(order * exponent): 1 for magnitudes, 2 for powers */
  int32_t lowest;
  int32_t highest;
  int32_t length;
} tp_log_u64_t;

/* input [length] in halves, the lower first, exponent [1] -> output [length]: log2(input * 2^(order * exponent) +
   offset) in Q24, times factor, plus bias, / 2^shift, within lowest..highest; the lowest for 0 */
void tp_log_u64(const tp_log_u64_t *p, const uint32_t *input, const int32_t *exponent, int32_t *output);

#ifdef __cplusplus
}
#endif
#endif
