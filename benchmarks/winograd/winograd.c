#include "winograd.h"

#include <string.h>

#include "tp_dsp.h"

#define ROWS 3 /* of a filter */

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
static void transform_row(int32_t *row, const int8_t *first, const int8_t *x, int32_t step, const int8_t *last,
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

/* Row y of the input around columns x to x + 3. zeros: a column of zero points */
static void transform_inputs(const winograd_t *p, const int8_t *input, const int8_t *zeros, int32_t y, int32_t x,
                             int32_t *to) {
  const int32_t depth = p->depth;
  if (y < 0 || y >= p->height) {
    transform_row(to, zeros, zeros, 0, zeros, depth);
  } else {
    const int8_t *from = input + (y * p->width + x) * depth;
    const int8_t *last = x + 4 < p->width ? from + 4 * depth : zeros;
    transform_row(to, x > 0 ? from - depth : zeros, from, depth, last, depth);
  }
}

/* Columns x to x + 3 of output rows y to end_y - 1. */
static void strip(const winograd_t *p, const int32_t *rows, const int8_t *input, int8_t *output, int32_t y, int32_t end_y,
                  int32_t x, int32_t *inputs, const int8_t *zeros) {
  const int32_t row_words = 4 * p->depth;
  int32_t *const end = inputs + p->kept * row_words;
  int32_t *to = inputs + 2 * row_words;
  transform_inputs(p, input, zeros, y - 1, x, inputs);
  transform_inputs(p, input, zeros, y, x, inputs + row_words);
  for (; y < end_y; y++, to += row_words) {
    if (to == end) {
      memcpy(inputs, to - 2 * row_words, (size_t)(8 * row_words));
      to = inputs + 2 * row_words;
    }
    transform_inputs(p, input, zeros, y + 1, x, to);
    winograd_block(rows, to - 2 * row_words, ROWS * p->depth / 2, p->out_depth, p->out_zero_point,
                   output + (y * p->width + x) * p->out_depth, p->at_once);
  }
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

/* Rows of four output channels; gives where the next ones' weights stand. */
static const int32_t *make_rows(const winograd_t *p, const int32_t *weights, int32_t *rows) {
  const int32_t depth = p->depth;
  const int32_t apart = ROWS * depth * 2;
  int32_t *to = rows + 4;
  for (int32_t i = 0; i < 4; i += 2) {
    rows[i] = (weights[i] - weights[i + 1]) >> 7;
    rows[i + 1] = 2 * weights[i + 1];
  }
  weights += 4;
  for (int32_t row = 0; row < ROWS; row++, weights += 2 * depth) {
    for (const int32_t *end = weights + depth; weights != end; weights += 2, to += 4) {
      transform_both(to, apart, weights, depth);
      transform_both(to + 2, apart, weights + 1, depth);
    }
  }
  memcpy(rows + 4 + 3 * apart, weights, 4 * RESULT_WORDS);
  memcpy(rows + 4 + 4 * apart + RESULT_WORDS, weights, 4 * RESULT_WORDS);
  return weights + RESULT_WORDS;
}

void winograd(const winograd_t *p, const int8_t *input, int8_t *output, int32_t *scratch) {
  const int32_t row_words = 24 * p->depth + 4 + 2 * RESULT_WORDS;
  int8_t *zeros = (int8_t *)(scratch + 4 * p->kept * p->depth);
  int32_t *made = (int32_t *)(void *)(zeros + p->depth);
  const int32_t *weights = p->weights;
  memset(zeros, p->in_zero_point, (size_t)p->depth);
  for (int32_t channel = 0; channel < p->out_depth; channel += p->at_once) {
    if (p->rows == NULL) {
      for (int32_t i = 0; i < p->at_once; i += 4) {
        weights = make_rows(p, weights, made + i / 4 * row_words);
      }
    }
    for (int32_t y = 0; y < p->height; y += p->strip) {
      for (int32_t x = 0; x < p->width; x += 4) {
        strip(p, p->rows != NULL ? p->rows : made, input, output + channel, y, y + p->strip, x, scratch, zeros);
      }
    }
  }
}
