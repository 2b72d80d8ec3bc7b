/* What F(2,3) multiplies: inputs of a row, transformed in 3 instructions each for all output channels whose weights are
   in RAM, and weights, in 3 instructions each for the whole image. */
#include "tp_hot.h"
/* First of all: it sets how the rest is compiled. */
#include "tp_winograd_dsp.h"

#if defined(TP_DSP) && !defined(TP_MVE)
#include <string.h>

#include "tp_dsp.h"

#pragma GCC diagnostic ignored "-Wunused-parameter" /* of naked functions */

#define ROWS 3                                   /* of a filter */
#define RESULT_WORDS (TP_BLOCK_WORDS - TP_BLOCK) /* multipliers and shifts */

static inline int32_t sub16(int32_t a, int32_t b) {
  int32_t y;
  __asm__("ssub16 %0, %1, %2" : "=r"(y) : "r"(a), "r"(b));
  return y;
}

/* Two of four channels of six columns, to words of m1, m2, m0 and m3 of two tiles. m1: where they go, in words from
   r0 on, which then is `to_3`. r1: first, r2: the four columns, r3: step, r10: 3 * step, r11: last, r4 to r9: columns. */
#define TRANSFORM_TWO(ror, first_4, x_4, last_4, m1, m2, m0, to_3) \
  "ldr r4, [r1]" first_4 "\n"                                    \
  "ldr r6, [r2, r3]\n"                                           \
  "ldr r8, [r2, r10]\n"                                          \
  "ldr r7, [r2, r3, lsl #1]\n"                                   \
  "ldr r5, [r2]" x_4 "\n"                                        \
  "sxtb16 r4, r4" ror "\n"                                       \
  "sxtb16 r6, r6" ror "\n"                                       \
  "sxtb16 r8, r8" ror "\n"                                       \
  "sxtb16 r7, r7" ror "\n"                                       \
  "sxtb16 r5, r5" ror "\n"                                       \
  "ssub16 r4, r4, r6\n"                                          \
  "ssub16 r9, r6, r8\n"                                          \
  "strd r4, r9, [r0, #" m0 "]\n"                                 \
  "sadd16 r4, r5, r6\n"                                          \
  "sadd16 r9, r7, r8\n"                                          \
  "strd r4, r9, [r0, #" m1 "]\n"                                 \
  "ssub16 r6, r6, r5\n"                                          \
  "ssub16 r8, r8, r7\n"                                          \
  "strd r6, r8, [r0, #" m2 "]\n"                                 \
  "ldr r9, [r11]" last_4 "\n"                                    \
  "ssub16 r5, r7, r5\n"                                          \
  "sxtb16 r9, r9" ror "\n"                                       \
  "ssub16 r9, r9, r7\n"                                          \
  "strd r5, r9, [r0, #" to_3 "\n"

/* One input row; 50 instructions for four channels of four outputs. first, last: beside the four columns from `x` on.
   Inputs may lie at any address. r12: end of the first column. */
__attribute__((naked)) void tp_winograd_inputs(int32_t *row, const int8_t *first, const int8_t *x, int32_t step,
                                               const int8_t *last, int32_t depth) {
  __asm__ volatile(
      "push {r4-r11, lr}\n"
      "ldrd r11, r12, [sp, #36]\n"
      "add r12, r12, r2\n"
      "add r10, r3, r3, lsl #1\n"
      "sub r0, r0, #8\n"
      "1:\n" TRANSFORM_TWO("", "", "", "", "8", "16", "24", "32]")
      TRANSFORM_TWO(", ror #8", ", #4", ", #4", ", #4", "40", "48", "56", "64]!")
      "cmp r2, r12\n"
      "bne 1b\n"
      "pop {r4-r11, pc}\n");
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
