/* Row blocks in C, one column at a time. */
#ifndef TP_ROW_BLOCKS_C_H
#define TP_ROW_BLOCKS_C_H

#include <string.h>

#include "tp_rows.h"

#define TP_COLUMNS 1
#define TP_COLUMN_UNIT 1

#ifdef __cplusplus
extern "C" {
#endif

/* Columns are bytes [taps] in their own order. */
typedef int8_t tp_column_t;

static inline tp_column_t *tp_column(tp_column_t *columns, int32_t column, int32_t taps) {
  (void)column;
  (void)taps;
  return columns;
}

static inline void tp_column_copy(tp_column_t *column, int32_t at, const int8_t *from, int32_t n) {
  memcpy(column + at, from, (size_t)n);
}

/* Runs of n taps from rows of the input. steps: from one to the next */
static inline void tp_column_copy_rows(tp_column_t *to, int32_t to_step, const int8_t *from, int32_t from_step,
                                       int32_t rows, int32_t n) {
  for (; rows > 0; rows--, to += to_step, from += from_step) {
    memcpy(to, from, (size_t)n);
  }
}

static inline void tp_column_fill(tp_column_t *column, int32_t at, int32_t value, int32_t n) {
  memset(column + at, (int)value, (size_t)n);
}

static inline void tp_column_set(tp_column_t *column, int32_t at, int32_t value) {
  column[at] = (int8_t)value;
}

static inline void tp_columns_copy(tp_column_t *columns, int32_t taps, int32_t at, const int8_t *from, int32_t step,
                                   int32_t n) {
  (void)taps;
  (void)step;
  tp_column_copy(columns, at, from, n);
}

static inline void tp_columns_set(tp_column_t *columns, int32_t taps, int32_t at, const int8_t *from, int32_t step) {
  (void)taps;
  (void)step;
  tp_column_set(columns, at, from[0]);
}

/* taps: a multiple of 8; out_depth: of 4. count: 1 -> output [out_depth] */
void tp_row_blocks(const int32_t *rows, const tp_column_t *columns, int32_t taps, int32_t out_depth, int32_t zero_point,
                   int8_t *output, int32_t count);

#ifdef __cplusplus
}
#endif
#endif
