/* Convolutions by row blocks. A pass of the loop gathers the windows of TP_COLUMNS outputs side by side as columns, whose
   outputs tp_row_blocks makes: it says what a multiply-accumulate takes. Gathering takes 1.3 instructions a tap with the
   DSP extension (10 for four taps of two columns), 0.2 with MVE; windows at the sides of the image are gathered one by
   one, tap by tap where a filter row is no multiple of four. About 60 instructions a pass come besides. */
#include "tp_hot.h"
/* First of all: it sets how the rest is compiled. */
#include "tp_conv_2d_packed_s8.h"

#include <string.h>

#include "tp_functions.h"

#if TP_COLUMN_UNIT == 1
/* The window of output y, x: padding, then what lies inside over it. `input` points at input row in_first. */
static void fill_column(const tp_conv_2d_packed_s8_t *p, tp_column_t *column, const int8_t *input, int32_t in_first,
                        int32_t y, int32_t x) {
  const int32_t row = p->in_w * p->in_depth;
  const int32_t run = p->filter_w * p->in_depth;
  const int32_t left = (x * p->stride_w - p->pad_left) * p->in_depth; /* in elements of an input row */
  const int32_t begin = tp_clamp(-left, 0, run);
  const int32_t end = tp_clamp(row - left, begin, run);
  const int32_t top = y * p->stride_h - p->pad_top;
  const int32_t first = tp_clamp(-top, 0, p->filter_h);
  const int32_t last = tp_clamp(p->in_h - top, first, p->filter_h);
  const int32_t length = (end < p->fours ? end : p->fours) - begin;
  const int8_t *from = input + (top + first - in_first) * row + left;
  tp_column_fill(column, 0, p->in_zero_point, p->taps);
  if (length > 0) {
    tp_column_copy_rows(column + first * p->fours + begin, p->fours, from + begin, row, last - first, length);
  }
  for (int32_t k = first; k < last; k++, from += row) {
    const int32_t tail = p->filter_h * p->fours + k * (run - p->fours) - p->fours;
    for (int32_t i = begin > p->fours ? begin : p->fours; i < end; i++) {
      tp_column_set(column, tail + i, from[i]);
    }
  }
}
#else
/* Where the taps of a filter row stand in a column. */
typedef struct {
  tp_column_t *column;
  int32_t head;  /* of its whole fours */
  int32_t whole; /* taps in them */
  int32_t tail;  /* of what is left */
} place_t;

static void set_tap(const place_t *place, int32_t i, int32_t value) {
  const int32_t at = i < place->whole ? place->head + i : place->tail + (i - place->whole);
  tp_column_set(place->column, at, value);
}

/* One filter row of `run` taps, of which begin to end - 1 lie inside; x[at] is the first tap, or would be.
   readable: the others lie in memory of the input, too. */
static void fill_row(const place_t *place, const int8_t *x, int32_t at, int32_t run, int32_t begin, int32_t end,
                     int readable, int32_t zero_point) {
  if ((run & 3) == 0 && ((begin | end) & (TP_COLUMN_UNIT - 1)) == 0) {
    tp_column_fill(place->column, place->head, zero_point, begin);
    if (begin < end) {
      tp_column_copy(place->column, place->head + begin, x + (at + begin), end - begin);
    }
    tp_column_fill(place->column, place->head + end, zero_point, run - end);
    return;
  }
  if (readable) {
    tp_column_copy(place->column, place->head, x + at, place->whole);
  }
  for (int32_t i = readable ? place->whole : begin; i < end; i++) {
    set_tap(place, i, x[at + i]);
  }
  for (int32_t i = 0; i < begin; i++) {
    set_tap(place, i, zero_point);
  }
  for (int32_t i = end; i < run; i++) {
    set_tap(place, i, zero_point);
  }
}

/* The window of output y, x. `input` points at input row in_first. */
static void fill_column(const tp_conv_2d_packed_s8_t *p, tp_column_t *column, const int8_t *input, int32_t in_first,
                        int32_t y, int32_t x) {
  const int32_t depth = p->in_depth;
  const int32_t run = p->filter_w * depth;
  const int32_t left = (x * p->stride_w - p->pad_left) * depth; /* in elements of an input row */
  const int32_t begin = left < 0 ? tp_clamp(-left, 0, run) : 0;
  const int32_t end = tp_clamp(p->in_w * depth - left, begin, run);
  const int fits = left + (run > p->fours ? run : p->fours) <= p->in_w * depth;
  place_t place = {column, 0, p->fours, p->filter_h * p->fours};
  int32_t row = y * p->stride_h - p->pad_top;
  int32_t at = (row - in_first) * p->in_w * depth + left;
  for (int32_t k = 1; k <= p->filter_h; k++, row++, at += p->in_w * depth) {
    if (row >= 0 && row < p->in_h) {
      const int more_rows = k < p->filter_h && row + 1 < p->in_h && run + 3 <= p->in_w * depth;
      const int readable = (begin == 0 || at >= 0) && (fits || more_rows);
      fill_row(&place, input, at, run, begin, end, readable, p->in_zero_point);
    } else {
      fill_row(&place, input, at, run, run, run, 0, p->in_zero_point);
    }
    place.head += place.whole;
    place.tail += run > place.whole ? run - place.whole : 0;
  }
}

#endif

/* One filter row of windows side by side in the padding. tails: taps beside those that stand in fours */
static TP_APART void pad_row(const tp_conv_2d_packed_s8_t *p, tp_column_t *columns, int32_t head, int32_t tail,
                             int32_t tails) {
  for (int32_t c = 0; c < TP_COLUMNS; c++) {
    tp_column_t *column = tp_column(columns, c, p->taps);
    tp_column_fill(column, head, p->in_zero_point, p->fours);
    for (int32_t i = 0; i < tails; i++) {
      tp_column_set(column, tail + i, p->in_zero_point);
    }
  }
}

/* Sums of columns to outputs; gives where the next ones go. */
static inline int8_t *finish(const tp_conv_2d_packed_s8_t *p, const int32_t *rows, const tp_column_t *columns,
                             int32_t count, int8_t *output) {
  int8_t *end = output + count * p->out_depth;
  tp_row_blocks(rows, columns, p->taps, p->out_depth, p->out_zero_point, output, count);
  if (p->act_min > INT8_MIN || p->act_max < INT8_MAX) {
    for (; output != end; output++) {
      *output = (int8_t)tp_clamp(*output, p->act_min, p->act_max);
    }
  }
  return end;
}

/* Outputs of a row, TP_COLUMNS at a time, whose windows lie inside from left to right. x[at] is the first tap of the
   first window, or would be; filter rows begin to end - 1 lie inside. */
static TP_APART int8_t *row_inside(const tp_conv_2d_packed_s8_t *p, const int32_t *rows, tp_column_t *columns,
                                   const int8_t *x, int32_t at, int32_t begin, int32_t end, int32_t groups,
                                   int8_t *output) {
  const int32_t row = p->in_w * p->in_depth;
  const int32_t step = p->stride_w * p->in_depth;
  const int32_t taps = p->taps;
  const int32_t fours = p->fours;
  const int32_t tails = p->filter_w * p->in_depth - fours;
  const int32_t heads = p->filter_h * fours;
  for (; groups > 0; groups--, at += TP_COLUMNS * step) {
    int32_t tail = heads;
    int32_t from = at;
    for (int32_t head = 0, k = 0; k < p->filter_h; head += fours, k++, from += row) {
      if (k < begin || k >= end) {
        pad_row(p, columns, head, tail, tails);
        tail += tails;
        continue;
      }
      tp_columns_copy(columns, taps, head, x + from, step, fours);
      for (int32_t i = 0; i < tails; i++, tail++) {
        tp_columns_set(columns, taps, tail, x + (from + fours + i), step);
      }
    }
    output = finish(p, rows, columns, TP_COLUMNS, output);
  }
  return output;
}

static void convolve(const tp_conv_2d_packed_s8_t *p, const int32_t *rows, int32_t first, int32_t last, int32_t in_first,
                     const int8_t *input, int8_t *output, void *scratch) {
  tp_column_t *columns = (tp_column_t *)scratch;
  int32_t left = (last - first) * p->out_w;
  int32_t y = first;
  int32_t x = 0;
  while (left > 0) {
    const int32_t top = y * p->stride_h - p->pad_top;
    const int32_t groups = (p->inside_end - x) / TP_COLUMNS;
    int32_t done = left < TP_COLUMNS ? left : TP_COLUMNS;
    if (groups > 0 && x >= p->inside_first) {
      const int32_t at = ((top - in_first) * p->in_w + x * p->stride_w - p->pad_left) * p->in_depth;
      output = row_inside(p, rows, columns, input, at, -top, p->in_h - top, groups, output);
      done = groups * TP_COLUMNS;
      x += done;
    } else {
      for (int32_t i = 0; i < done; i++, x++) {
        if (x == p->out_w) {
          x = 0;
          y++;
        }
        fill_column(p, tp_column(columns, i, p->taps), input, in_first, y, x);
      }
      output = finish(p, rows, columns, done, output);
    }
    left -= done;
    if (x == p->out_w) {
      x = 0;
      y++;
    }
  }
}

void tp_conv_2d_packed_s8_rows(const tp_conv_2d_packed_s8_t *p, int32_t first, int32_t last, int32_t in_first,
                               const int8_t *input, int8_t *output, void *scratch) {
  convolve(p, p->rows, first, last, in_first, input, output, scratch);
}

void tp_conv_2d_packed_s8(const tp_conv_2d_packed_s8_t *p, const int8_t *input, int8_t *output, void *scratch) {
  const int32_t *rows = p->rows;
#ifndef __AVR__
  if (p->in_ram) {
    int32_t *copy = (int32_t *)scratch + p->taps;
    memcpy(copy, rows, (size_t)(p->out_depth / TP_BLOCK * (p->taps + TP_BLOCK_WORDS)) * sizeof *copy);
    rows = copy;
  }
#endif
  convolve(p, rows, 0, p->out_h, 0, input, output, scratch);
}
