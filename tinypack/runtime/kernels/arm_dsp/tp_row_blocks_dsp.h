/* Row blocks by the DSP extension: four output channels and two columns at a time. */
#ifndef TP_ROW_BLOCKS_DSP_H
#define TP_ROW_BLOCKS_DSP_H

#include <string.h>

#include "tp_dsp.h"
#include "tp_rows.h"

#define TP_COLUMNS 2
#define TP_COLUMN_UNIT 4

#ifdef __cplusplus
extern "C" {
#endif

/* Two columns of halfwords. Of four taps: words of taps 0 and 2 of either column, then of taps 1 and 3. */
typedef int32_t tp_column_t;

static inline tp_column_t *tp_column(tp_column_t *columns, int32_t column, int32_t taps) {
  (void)taps;
  return columns + column;
}

/* Five instructions for four taps. at, n: multiples of 4 */
static inline void tp_column_copy(tp_column_t *column, int32_t at, const int8_t *from, int32_t n) {
  tp_column_t *to = column + at;
  for (const int8_t *end = from + n; from != end; from += 4, to += 4) {
    int32_t four;
    memcpy(&four, from, 4);
    to[0] = tp_sxtb16(four);
    to[2] = tp_sxtb16_ror8(four);
  }
}

/* The same for both columns, whose windows lie `step` elements apart: ten instructions for four taps of either. */
static inline void tp_columns_copy(tp_column_t *columns, int32_t taps, int32_t at, const int8_t *from, int32_t step,
                                   int32_t n) {
  tp_column_t *to = columns + at;
  const int8_t *second = from + step;
  const int8_t *end = from + n;
  int32_t a, b, c, d;
  (void)taps;
  if (n == 0) {
    return;
  }
  __asm__ volatile(
      "1:\n"
      "ldr %[a], [%[from]], #4\n"
      "ldr %[b], [%[second]], #4\n"
      "sxtb16 %[c], %[a], ror #8\n"
      "sxtb16 %[d], %[b], ror #8\n"
      "sxtb16 %[a], %[a]\n"
      "sxtb16 %[b], %[b]\n"
      "strd %[a], %[b], [%[to]], #8\n"
      "strd %[c], %[d], [%[to]], #8\n"
      "cmp %[from], %[end]\n"
      "bne 1b\n"
      : [to] "+r"(to), [from] "+r"(from), [second] "+r"(second), [a] "=&r"(a), [b] "=&r"(b), [c] "=&r"(c), [d] "=&r"(d)
      : [end] "r"(end)
      : "cc", "memory");
}

/* at, n: multiples of 4 */
static inline void tp_column_fill(tp_column_t *column, int32_t at, int32_t value, int32_t n) {
  const int32_t twice = (int32_t)((uint32_t)value << 16 | ((uint32_t)value & 0xffffu));
  tp_column_t *to = column + at;
  for (; n > 0; n -= 4, to += 4) {
    to[0] = twice;
    to[2] = twice;
  }
}

/* One tap. */
static inline void tp_column_set(tp_column_t *column, int32_t at, int32_t value) {
  int16_t *to = (int16_t *)(void *)(column + (at & ~3) + ((at & 1) << 1));
  to[(at >> 1) & 1] = (int16_t)value;
}

/* The same tap of both columns. */
static inline void tp_columns_set(tp_column_t *columns, int32_t taps, int32_t at, const int8_t *from, int32_t step) {
  int16_t *to = (int16_t *)(void *)(columns + (at & ~3) + ((at & 1) << 1)) + ((at >> 1) & 1);
  (void)taps;
  to[0] = from[0];
  to[2] = from[step];
}

/* taps: a multiple of 8; out_depth: of 4. count: columns to write, 1 or 2 -> output [count, out_depth]
   Rows and columns are words; the output may lie at any address, which a store of one word allows. */
void tp_row_blocks(const int32_t *rows, const tp_column_t *columns, int32_t taps, int32_t out_depth, int32_t zero_point,
                   int8_t *output, int32_t count);

#ifdef __cplusplus
}
#endif
#endif
