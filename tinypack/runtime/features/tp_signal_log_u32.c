#include "tp_signal_log_u32.h"

#include "tp_fixed.h"

#define SEGMENT_BITS 9 /* of the 16 of a fraction: the place within a segment */
#define LN_2 45426u     /* Q16 */
#define HALF (1u << 15)

/* Natural logarithm, Q16. x: above 1 */
static uint32_t natural(const uint16_t *bulge, uint32_t x) {
  const int32_t whole = 31 - tp_leading_zeros_32(x);
  const uint32_t over = x - ((uint32_t)1 << whole);
  const uint32_t fraction = whole < 16 ? over << (16 - whole) : over >> (whole - 16);
  const uint16_t *segment = bulge + (fraction >> SEGMENT_BITS);
  const int32_t within = (int32_t)(fraction & ((1u << SEGMENT_BITS) - 1));
  /* By 2^16, not by the segment's 2^9: so it came to be, and models are trained with it. */
  const int32_t between = (((int32_t)segment[1] - segment[0]) * within) >> 16;
  const uint32_t log2 = ((uint32_t)whole << 16) + fraction + segment[0] + (uint32_t)between;
  return (uint32_t)(((uint64_t)LN_2 * log2 + HALF) >> 16);
}

void tp_signal_log_u32(const tp_signal_log_u32_t *p, const uint32_t *input, int32_t *output) {
  for (int32_t i = 0; i < p->length; i++) {
    const uint32_t x = input[i] << p->correction_bits;
    const uint32_t y = x > 1 ? (p->scale * natural(p->bulge, x) + HALF) >> 16 : 0;
    output[i] = (int32_t)(y < INT16_MAX ? y : INT16_MAX);
  }
}
