/* Binary logarithms of integers. */
#ifndef TP_LOG2_H
#define TP_LOG2_H

#include "tp_fixed.h"

#define TP_LOG2_ONE 16777216 /* Q24 */

#ifdef __cplusplus
extern "C" {
#endif

/* log2(x), Q24, from a table of log2(1 + i / 64), Q24, [66], by parabolas through three entries: within 2^-20.
   x: not 0 */
static inline int32_t tp_log2(const int32_t *table, uint64_t x) {
  const int32_t zeros = tp_leading_zeros_64(x);
  const uint32_t mantissa = (uint32_t)((x << zeros) >> 32);
  const int32_t *entry = table + ((mantissa >> 25) & 63u);
  const int32_t part = (int32_t)(mantissa & 0x1FFFFFFu); /* of the way to the next entry, Q25 */
  const int32_t slope = entry[1] - entry[0], bend = entry[2] - entry[1] - slope;
  const int32_t between = (int32_t)(((int64_t)part * (0x2000000 - part)) >> 26);
  return (63 - zeros) * TP_LOG2_ONE + entry[0] + (int32_t)(((int64_t)part * slope - (int64_t)between * bend) >> 25);
}

#ifdef __cplusplus
}
#endif
#endif
