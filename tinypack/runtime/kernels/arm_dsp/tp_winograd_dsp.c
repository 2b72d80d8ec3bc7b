#include "tp_hot.h"
/* First of all: it sets how the rest is compiled. */
#include "tp_winograd_dsp.h"

#if defined(TP_DSP) && !defined(TP_MVE)
#include <string.h>

#include "tp_dsp.h"

#define ROWS 3                                   /* of a filter */
#define RESULT_WORDS (TP_BLOCK_WORDS - TP_BLOCK) /* multipliers and shifts */

static inline int32_t sub16(int32_t a, int32_t b) {
  int32_t y;
  __asm__("ssub16 %0, %1, %2" : "=r"(y) : "r"(a), "r"(b));
  return y;
}

/* Two of four channels of six columns, to words of m1, m2, m0 and m3 of two tiles. m1: where they go, in words from
   `to` on, which then is `to_3` */
#define TRANSFORM_TWO(ror, first_4, x_4, last_4, m1, m2, m0, to_3) \
  "ldr %[a], [%[first]]" first_4 "\n"                             \
  "ldr %[c], [%[x], %[step]]\n"                                   \
  "ldr %[e], [%[x], %[step_3]]\n"                                 \
  "ldr %[d], [%[x], %[step], lsl #1]\n"                           \
  "ldr %[b], [%[x]]" x_4 "\n"                                     \
  "sxtb16 %[a], %[a]" ror "\n"                                    \
  "sxtb16 %[c], %[c]" ror "\n"                                    \
  "sxtb16 %[e], %[e]" ror "\n"                                    \
  "sxtb16 %[d], %[d]" ror "\n"                                    \
  "sxtb16 %[b], %[b]" ror "\n"                                    \
  "ssub16 %[a], %[a], %[c]\n"                                     \
  "ssub16 %[f], %[c], %[e]\n"                                     \
  "strd %[a], %[f], [%[to], #" m0 "]\n"                           \
  "sadd16 %[a], %[b], %[c]\n"                                     \
  "sadd16 %[f], %[d], %[e]\n"                                     \
  "strd %[a], %[f], [%[to], #" m1 "]\n"                           \
  "ssub16 %[c], %[c], %[b]\n"                                     \
  "ssub16 %[e], %[e], %[d]\n"                                     \
  "strd %[c], %[e], [%[to], #" m2 "]\n"                           \
  "ldr %[f], [%[last]]" last_4 "\n"                               \
  "ssub16 %[b], %[d], %[b]\n"                                     \
  "sxtb16 %[f], %[f]" ror "\n"                                    \
  "ssub16 %[f], %[f], %[d]\n"                                     \
  "strd %[b], %[f], [%[to], #" to_3 "\n"

/* One input row; 50 instructions for four channels of four outputs. first, last: beside the four columns from `x` on. */
void tp_winograd_inputs(int32_t *row, const int8_t *first, const int8_t *x, int32_t step, const int8_t *last,
                        int32_t depth) {
  const int8_t *end = x + depth;
  int32_t *to = row - 2;
  int32_t a, b, c, d, e, f;
  __asm__ volatile(
      "1:\n" TRANSFORM_TWO("", "", "", "", "8", "16", "24", "32]")
      TRANSFORM_TWO(", ror #8", ", #4", ", #4", ", #4", "40", "48", "56", "64]!")
      "cmp %[x], %[end]\n"
      "bne 1b\n"
      : [to] "+r"(to), [first] "+r"(first), [x] "+r"(x), [last] "+r"(last), [a] "=&r"(a), [b] "=&r"(b), [c] "=&r"(c),
        [d] "=&r"(d), [e] "=&r"(e), [f] "=&r"(f)
      : [end] "r"(end), [step] "r"(step), [step_3] "r"(3 * step)
      : "cc", "memory");
}

/* Two input channels of a filter row, of one output channel. to: words of the products, `apart` words apart */
static inline void transform_weights(int32_t *to, int32_t apart, int32_t g0, int32_t g1, int32_t g2) {
  const int32_t ends = tp_sadd16(g0, g2);
  to[0] = tp_sadd16(ends, g1);
  to[apart] = sub16(ends, g1);
  to[2 * apart] = tp_sadd16(g0, g0);
  to[3 * apart + RESULT_WORDS] = tp_sadd16(g2, g2);
}

/* The same of two output channels, whose halves are 256 * the first's + the second's. step: to the next tap, in words */
static inline void transform_both(int32_t *to, int32_t apart, const int32_t *weights, int32_t step) {
  const int32_t w0 = weights[0], w1 = weights[step], w2 = weights[2 * step];
  const int32_t b0 = tp_sxtb16(w0), b1 = tp_sxtb16(w1), b2 = tp_sxtb16(w2);
  transform_weights(to, apart, tp_sxtb16_ror8(sub16(w0, b0)), tp_sxtb16_ror8(sub16(w1, b1)),
                    tp_sxtb16_ror8(sub16(w2, b2)));
  transform_weights(to + 1, apart, b0, b1, b2);
}

/* Row blocks of four output channels; gives where the next ones stand. */
static const int32_t *transform_block(const int32_t *packed, int32_t depth, int32_t *rows) {
  const int32_t apart = ROWS * depth * 2;
  int32_t *to = rows + TP_BLOCK;
  for (int32_t i = 0; i < TP_BLOCK; i += 2) {
    rows[i] = (packed[i] - packed[i + 1]) >> 7;
    rows[i + 1] = 2 * packed[i + 1];
  }
  packed += TP_BLOCK;
  for (int32_t row = 0; row < ROWS; row++, packed += 2 * depth) {
    for (const int32_t *end = packed + depth; packed != end; packed += 2, to += TP_BLOCK) {
      transform_both(to, apart, packed, depth);
      transform_both(to + 2, apart, packed + 1, depth);
    }
  }
  memcpy(rows + TP_BLOCK + 3 * apart, packed, RESULT_WORDS * sizeof *rows);
  memcpy(rows + TP_BLOCK + 4 * apart + RESULT_WORDS, packed, RESULT_WORDS * sizeof *rows);
  return packed + RESULT_WORDS;
}

const int32_t *tp_winograd_rows(const int32_t *packed, int32_t depth, int32_t channels, int32_t *to) {
  for (; channels > 0; channels -= TP_BLOCK, to += 4 * ROWS * depth * 2 + TP_BLOCK + 2 * RESULT_WORDS) {
    packed = transform_block(packed, depth, to);
  }
  return packed;
}

#endif
