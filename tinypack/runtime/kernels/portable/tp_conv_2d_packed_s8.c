#include "tp_conv_2d_packed_s8.h"

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
  place_t place = {column, 0, run & ~3, p->filter_h * (run & ~3)};
  int32_t row = y * p->stride_h - p->pad_top;
  int32_t at = (row - in_first) * p->in_w * depth + left;
  for (int32_t k = 1; k <= p->filter_h; k++, row++, at += p->in_w * depth) {
    if (row >= 0 && row < p->in_h) {
      const int more_rows = k < p->filter_h && row + 1 < p->in_h && run <= p->in_w * depth;
      const int readable = (begin == 0 || at >= 0) && (end == run || more_rows);
      fill_row(&place, input, at, run, begin, end, readable, p->in_zero_point);
    } else {
      fill_row(&place, input, at, run, run, run, 0, p->in_zero_point);
    }
    place.head += place.whole;
    place.tail += run - place.whole;
  }
}

/* Windows side by side that lie inside; x is the first tap of the first. */
static void fill_inside(const tp_conv_2d_packed_s8_t *p, tp_column_t *columns, const int8_t *x) {
  const int32_t run = p->filter_w * p->in_depth;
  const int32_t whole = run & ~3;
  const int32_t step = p->stride_w * p->in_depth;
  int32_t head = 0;
  int32_t tail = p->filter_h * whole;
  for (int32_t k = 0; k < p->filter_h; k++) {
    tp_columns_copy(columns, p->taps, head, x, step, whole);
    for (int32_t i = whole; i < run; i++, tail++) {
      tp_columns_set(columns, p->taps, tail, x + i, step);
    }
    head += whole;
    x += p->in_w * p->in_depth;
  }
}

/* Gather the columns of outputs from y, x on; go on to the next. */
static void fill(const tp_conv_2d_packed_s8_t *p, tp_column_t *columns, int32_t count, const int8_t *input,
                 int32_t in_first, int32_t *y, int32_t *x) {
  const int32_t top = *y * p->stride_h - p->pad_top;
  const int32_t left = *x * p->stride_w - p->pad_left;
  const int32_t right = left + (TP_COLUMNS - 1) * p->stride_w + p->filter_w;
  if (left >= 0 && right <= p->in_w && top >= 0 && top + p->filter_h <= p->in_h && *x + TP_COLUMNS <= p->out_w) {
    fill_inside(p, columns, input + ((top - in_first) * p->in_w + left) * p->in_depth);
    *x += TP_COLUMNS;
    if (*x == p->out_w) {
      *x = 0;
      ++*y;
    }
    return;
  }
  for (int32_t i = 0; i < count; i++) {
    fill_column(p, tp_column(columns, i, p->taps), input, in_first, *y, *x);
    if (++*x == p->out_w) {
      *x = 0;
      ++*y;
    }
  }
}

void tp_conv_2d_packed_s8_rows(const tp_conv_2d_packed_s8_t *p, int32_t first, int32_t last, int32_t in_first,
                               const int8_t *input, int8_t *output, void *scratch) {
  tp_column_t *columns = (tp_column_t *)scratch;
  const int clamps = p->act_min > INT8_MIN || p->act_max < INT8_MAX;
  int32_t left = (last - first) * p->out_w;
  int32_t y = first;
  int32_t x = 0;
  while (left > 0) {
    const int32_t count = left < TP_COLUMNS ? left : TP_COLUMNS;
    const int32_t length = count * p->out_depth;
    fill(p, columns, count, input, in_first, &y, &x);
    tp_row_blocks(p->rows, columns, p->taps, p->out_depth, p->out_zero_point, output, count);
    if (clamps) {
      for (int32_t i = 0; i < length; i++) {
        output[i] = (int8_t)tp_clamp(output[i], p->act_min, p->act_max);
      }
    }
    output += length;
    left -= count;
  }
}

void tp_conv_2d_packed_s8(const tp_conv_2d_packed_s8_t *p, const int8_t *input, int8_t *output, void *scratch) {
  tp_conv_2d_packed_s8_rows(p, 0, p->out_h, 0, input, output, scratch);
}
