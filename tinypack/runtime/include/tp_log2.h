/* Binary logarithms of integers. */
#ifndef TP_LOG2_H
#define TP_LOG2_H

#include "tp_fixed.h"

#define TP_LOG2_ONE 16777216 /* Q24 */

#ifdef __cplusplus
extern "C" {
#endif

/* log2(x), Q24, from a table of log2(1 + i / 64), Q24, [66], by parabolas through three entries: within 2^-20.
   x: two halves, not 0 */
static inline int32_t tp_log2(const int32_t *table, uint32_t high, uint32_t low) {
  const int32_t zeros = tp_leading_zeros_32(high != 0 ? high : low);
  const uint32_t mantissa = high != 0 ? high << zeros | low >> 1 >> (31 - zeros) : low << zeros;
  const int32_t whole = (high != 0 ? 63 : 31) - zeros;
  const int32_t *entry = table + ((mantissa >> 25) & 63u);
  const int32_t part = (int32_t)(mantissa & 0x1FFFFFFu); /* of the way to the next entry, Q25 */
  const int32_t slope = entry[1] - entry[0], bend = slope - (entry[2] - entry[1]);
  const int32_t between = tp_mul_high(64 * part, 0x2000000 - part); /* Q24 */
  return whole * TP_LOG2_ONE + entry[0] + (int32_t)(tp_add_product(tp_product(part, slope), between, bend) >> 25);
}

#ifdef __cplusplus
}
#endif
#endif
