/* Row blocks by MVE: four output channels and four columns at a time. */
#ifndef TP_ROW_BLOCKS_MVE_H
#define TP_ROW_BLOCKS_MVE_H

#include "tp_rows.h"

#define TP_COLUMNS 4
#define TP_COLUMN_UNIT 1

#ifdef __cplusplus
extern "C" {
#endif

/* Four columns of bytes [taps] in their own order, one after the other. */
typedef int8_t tp_column_t;

static inline tp_column_t *tp_column(tp_column_t *columns, int32_t column, int32_t taps) {
  return columns + column * taps;
}

/* Three instructions for 16 taps. */
static inline void tp_column_copy(tp_column_t *column, int32_t at, const int8_t *from, int32_t n) {
  int8_t *to = column + at;
  __asm__ volatile(
      "wlstp.8 lr, %[n], 2f\n"
      "1:\n"
      "vldrb.8 q0, [%[from]], #16\n"
      "vstrb.8 q0, [%[to]], #16\n"
      "letp lr, 1b\n"
      "2:\n"
      : [to] "+r"(to), [from] "+r"(from)
      : [n] "r"(n)
      : "lr", "q0", "memory");
}

/* Runs of n taps from rows of the input. Six instructions for 16 taps of a run. steps: from one to the next */
static inline void tp_column_copy_rows(tp_column_t *column, int32_t to_step, const int8_t *input, int32_t from_step,
                                       int32_t rows, int32_t n) {
  for (int32_t i = 0; i < n; i += 16) {
    int8_t *to = column + i;
    const int8_t *from = input + i;
    __asm__ volatile(
        "vctp.8 %[n]\n"
        "wls lr, %[rows], 2f\n"
        "1:\n"
        "vpstt\n"
        "vldrbt.8 q0, [%[from]]\n"
        "vstrbt.8 q0, [%[to]]\n"
        "add %[from], %[from], %[from_step]\n"
        "add %[to], %[to], %[to_step]\n"
        "le lr, 1b\n"
        "2:\n"
        : [to] "+r"(to), [from] "+r"(from)
        : [n] "r"(n - i), [rows] "r"(rows), [from_step] "r"(from_step), [to_step] "r"(to_step)
        : "lr", "q0", "memory");
  }
}

static inline void tp_column_fill(tp_column_t *column, int32_t at, int32_t value, int32_t n) {
  int8_t *to = column + at;
  __asm__ volatile(
      "vdup.8 q0, %[value]\n"
      "wlstp.8 lr, %[n], 2f\n"
      "1:\n"
      "vstrb.8 q0, [%[to]], #16\n"
      "letp lr, 1b\n"
      "2:\n"
      : [to] "+r"(to)
      : [n] "r"(n), [value] "r"(value)
      : "lr", "q0", "memory");
}

static inline void tp_column_set(tp_column_t *column, int32_t at, int32_t value) {
  column[at] = (int8_t)value;
}

/* The same for two columns: five instructions for 16 taps of each. */
static inline void tp_columns_copy_two(int8_t *a, int8_t *b, const int8_t *from, const int8_t *second, int32_t n) {
  __asm__ volatile(
      "wlstp.8 lr, %[n], 2f\n"
      "1:\n"
      "vldrb.8 q0, [%[from]], #16\n"
      "vldrb.8 q1, [%[second]], #16\n"
      "vstrb.8 q0, [%[a]], #16\n"
      "vstrb.8 q1, [%[b]], #16\n"
      "letp lr, 1b\n"
      "2:\n"
      : [a] "+r"(a), [b] "+r"(b), [from] "+r"(from), [second] "+r"(second)
      : [n] "r"(n)
      : "lr", "q0", "q1", "memory");
}

/* For all columns, whose windows lie `step` elements apart. */
static inline void tp_columns_copy(tp_column_t *columns, int32_t taps, int32_t at, const int8_t *from, int32_t step,
                                   int32_t n) {
  int8_t *to = columns + at;
  tp_columns_copy_two(to, to + taps, from, from + step, n);
  from += 2 * step;
  to += 2 * taps;
  tp_columns_copy_two(to, to + taps, from, from + step, n);
}

/* The same tap of all columns. */
static inline void tp_columns_set(tp_column_t *columns, int32_t taps, int32_t at, const int8_t *from, int32_t step) {
  for (int32_t i = 0; i < TP_COLUMNS; i++) {
    tp_column_set(columns + i * taps, at, from[i * step]);
  }
}

/* taps: a multiple of 8; out_depth: of 4. count: columns to write, 1 to 4 -> output [count, out_depth], aligned to 4 */
void tp_row_blocks(const int32_t *rows, const tp_column_t *columns, int32_t taps, int32_t out_depth, int32_t zero_point,
                   int8_t *output, int32_t count);

#ifdef __cplusplus
}
#endif
#endif
