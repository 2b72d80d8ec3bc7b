/* Row blocks in C, one column at a time. Four taps of two output channels take 2 loads of weights, 8 sign extensions and
   8 multiply-accumulates each: about 4 instructions a multiply-accumulate on a Cortex-M0. */
#ifndef TP_ROW_BLOCKS_C_H
#define TP_ROW_BLOCKS_C_H

#include <string.h>

#include "tp_requantize.h"
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

/* Sums that may wrap on their way. */
typedef struct {
  uint32_t both; /* 256 SA + SB */
  uint32_t low;  /* SB */
} tp_pair_t;

static inline void tp_pair_add(tp_pair_t *sum, int32_t word, int32_t x, int32_t y) {
  const int32_t first = (int16_t)word;
  const int32_t second = word >> 16;
  sum->both += (uint32_t)(x * first + y * second);
  sum->low += (uint32_t)(x * (int8_t)first + y * (int8_t)second);
}

static inline int32_t tp_upper_sum(const tp_pair_t *sum) {
  return (int32_t)(sum->both - sum->low) >> 8;
}

static inline int8_t tp_row_result(int32_t sum, int32_t multiplier, int32_t shift_less_1, int32_t zero_point) {
  const int32_t x = tp_requantize(sum, multiplier, -(int)(shift_less_1 & 31) - 1);
  return (int8_t)tp_clamp(x + zero_point, INT8_MIN, INT8_MAX);
}

/* taps: a multiple of 8; out_depth: of 4 -> output [out_depth] */
static inline void tp_row_blocks(const int32_t *rows, const tp_column_t *columns, int32_t taps, int32_t out_depth,
                                 int32_t zero_point, int8_t *output, int32_t count) {
  (void)count;
  for (int32_t c = 0; c < out_depth; c += TP_BLOCK) {
    tp_pair_t ab = {(uint32_t)tp_flash_s32(rows), (uint32_t)tp_flash_s32(rows + 1)};
    tp_pair_t cd = {(uint32_t)tp_flash_s32(rows + 2), (uint32_t)tp_flash_s32(rows + 3)};
    const tp_column_t *x = columns;
    const tp_column_t *end = columns + taps;
    int32_t shifts;
    rows += 4;
    for (; x != end; x += 4, rows += 4) {
      tp_pair_add(&ab, tp_flash_s32(rows), x[0], x[2]);
      tp_pair_add(&cd, tp_flash_s32(rows + 1), x[0], x[2]);
      tp_pair_add(&ab, tp_flash_s32(rows + 2), x[1], x[3]);
      tp_pair_add(&cd, tp_flash_s32(rows + 3), x[1], x[3]);
    }
    shifts = tp_flash_s32(rows + 4);
    output[0] = tp_row_result(tp_upper_sum(&ab), tp_flash_s32(rows), shifts, zero_point);
    output[1] = tp_row_result((int32_t)ab.low, tp_flash_s32(rows + 1), shifts >> 8, zero_point);
    output[2] = tp_row_result(tp_upper_sum(&cd), tp_flash_s32(rows + 2), shifts >> 16, zero_point);
    output[3] = tp_row_result((int32_t)cd.low, tp_flash_s32(rows + 3), shifts >> 24, zero_point);
    rows += 5;
    output += TP_BLOCK;
  }
}

#ifdef __cplusplus
}
#endif
#endif
