/* The steps of the transform of tp_rfft_s32.c in portable C. */
#ifndef TP_RFFT_STEPS_H
#define TP_RFFT_STEPS_H

#include "tp_fixed.h"
#include "tp_rfft_s32.h"

#ifndef TP_DSP

static void tp_swap(int32_t *a, int32_t *b) {
  const int32_t re = a[0], im = a[1];
  a[0] = b[0];
  a[1] = b[1];
  b[0] = re;
  b[1] = im;
}

/* Of four places that differ in the first and last bit alone, two or three are swapped. */
static TP_APART void tp_reverse_bits(int32_t *z, int32_t n) {
  int32_t reversed = 0; /* of i, which is even and below n / 2: so is this */
  for (int32_t i = 0; i < n / 2; i += 2) {
    int32_t *const a = z + 2 * i, *const b = z + 2 * reversed;
    tp_swap(a + 2, b + n);
    if (i < reversed) {
      tp_swap(a, b);
      tp_swap(a + n + 2, b + n + 2);
    }
    int32_t bit = n >> 2;
    for (; reversed & bit; bit >>= 1) reversed ^= bit;
    reversed |= bit;
  }
}

/* Bit reversal, and the step of pairs, which has no twiddles, and room for exact sums. */
static TP_APART uint32_t tp_rfft_first_of_2(int32_t *z, int32_t n) {
  uint32_t size = 0;
  tp_reverse_bits(z, n);
  for (int32_t *q = z; q < z + 2 * n; q += 4) {
    const int32_t sum_re = q[0] + q[2], sum_im = q[1] + q[3], rest_re = q[0] - q[2], rest_im = q[1] - q[3];
    q[0] = sum_re;
    q[1] = sum_im;
    q[2] = rest_re;
    q[3] = rest_im;
    size |= tp_size(sum_re) | tp_size(sum_im) | tp_size(rest_re) | tp_size(rest_im);
  }
  return size;
}

/* Sum and difference of two values of a and c, in their places. */
static inline void tp_pair(int32_t *a, int32_t *c, int32_t a_re, int32_t a_im, int32_t c_re, int32_t c_im) {
  a[0] = a_re + c_re;
  a[1] = a_im + c_im;
  c[0] = a_re - c_re;
  c[1] = a_im - c_im;
}

/* Sum and difference of *sum and x; gives their sizes. */
static inline uint32_t tp_spread(int32_t *sum, int32_t *difference, int32_t x) {
  const int32_t more = *sum + x, less = *sum - x;
  *sum = more;
  *difference = less;
  return tp_size(more) | tp_size(less);
}

/* The transform of four values, `part` apart, of which a and c are paired already: what is in registers stays there. */
static inline uint32_t tp_finish(int32_t *a, int32_t part, int32_t b_re, int32_t b_im, int32_t d_re, int32_t d_im) {
  int32_t *const c = a + 2 * part, *const b = c + 2 * part, *const d = b + 2 * part;
  const int32_t odd_re = b_re + d_re, odd_im = b_im + d_im, turn_re = b_im - d_im, turn_im = d_re - b_re;
  return tp_spread(a, b, odd_re) | tp_spread(a + 1, b + 1, odd_im) | tp_spread(c, d, turn_re) |
         tp_spread(c + 1, d + 1, turn_im);
}

/* The same of fours. Bit reversal puts the four parts of a transform in the order 0, 2, 1, 3: a, c, b, d. */
static TP_APART uint32_t tp_rfft_first_of_4(int32_t *z, int32_t n) {
  uint32_t size = 0;
  tp_reverse_bits(z, n);
  for (int32_t *q = z; q < z + 2 * n; q += 8) {
    tp_pair(q, q + 2, q[0], q[1], q[2], q[3]);
    size |= tp_finish(q, 1, q[4], q[5], q[6], q[7]);
  }
  return size;
}

/* *re + i *im times cos - i sin of a table, divided by 4. Products are added: one instruction on Arm, which has none to
   subtract them. */
static inline void tp_turn(int32_t *re, int32_t *im, const int32_t *twiddle) {
  const int32_t x = *re, y = *im, cosine = twiddle[0], sine = twiddle[1];
  *re = tp_rounded_high((int64_t)x * cosine + (int64_t)y * sine);
  *im = tp_rounded_high((int64_t)y * cosine + (int64_t)-x * sine);
}

/* Moved up, divided by 4, rounded to nearest, ties to even: always up would add up where many values are summed. */
static inline int32_t tp_quarter(int32_t x, int32_t up) {
  x = tp_shift_left(x, up);
  return (x + 1 + ((x >> 2) & 1)) >> 2;
}

/* Four transforms of `part` values each become one, and so on along z. */
static TP_APART uint32_t tp_rfft_step_of_4(const tp_rfft_s32_t *p, int32_t *z, int32_t part, int32_t up) {
  const int32_t *const end = z + p->length;
  const int32_t stride = p->length / 2 / part; /* elements of both tables from one twiddle to the next */
  const int32_t *w1 = p->twiddle, *w23 = p->twiddle_2_3;
  uint32_t size = 0;
  for (int32_t *a = z; a < end; a += 8 * part) { /* twiddles of 1 */
    int32_t *const c = a + 2 * part, *const b = c + 2 * part, *const d = b + 2 * part;
    tp_pair(a, c, tp_quarter(a[0], up), tp_quarter(a[1], up), tp_quarter(c[0], up), tp_quarter(c[1], up));
    size |= tp_finish(a, part, tp_quarter(b[0], up), tp_quarter(b[1], up), tp_quarter(d[0], up), tp_quarter(d[1], up));
  }
  for (int32_t k = 1; k < part; k++) {
    w1 += stride;
    w23 += stride;
    for (int32_t *a = z + 2 * k; a < end; a += 8 * part) {
      int32_t *const c = a + 2 * part, *const b = c + 2 * part, *const d = b + 2 * part;
      int32_t c_re = tp_shift_left(c[0], up), c_im = tp_shift_left(c[1], up);
      tp_turn(&c_re, &c_im, w23);
      tp_pair(a, c, tp_quarter(a[0], up), tp_quarter(a[1], up), c_re, c_im);
      int32_t b_re = tp_shift_left(b[0], up), b_im = tp_shift_left(b[1], up);
      tp_turn(&b_re, &b_im, w1);
      int32_t d_re = tp_shift_left(d[0], up), d_im = tp_shift_left(d[1], up);
      tp_turn(&d_re, &d_im, w23 + 2);
      size |= tp_finish(a, part, b_re, b_im, d_re, d_im);
    }
  }
  return size;
}

/* x * 2^30 */
static inline int64_t tp_wide(int32_t x) {
  return (int64_t)((uint64_t)(uint32_t)(x >> 2) << 32 | (uint32_t)x << 30);
}

/* Bins k and n - k, 0 < k, from the transforms of the even and of the odd values, which stand folded into z[k] and
   z[n - k]. w: the twiddle before the first */
static TP_APART void tp_rfft_split(const int32_t *w, int32_t *low, int32_t *high, int32_t up) {
  for (; low <= high; low += 2, high -= 2) {
    w += 2;
    const int32_t k_re = tp_shift_left(low[0], up), k_im = tp_shift_left(low[1], up);
    const int32_t m_re = tp_shift_left(high[0], up), m_im = tp_shift_left(high[1], up);
    const int32_t odd_re = k_im + m_im, odd_im = m_re - k_re;
    const int64_t even_re = tp_wide(k_re + m_re), turned_re = (int64_t)odd_re * w[0] + (int64_t)odd_im * w[1];
    const int64_t even_im = tp_wide(k_im - m_im), turned_im = (int64_t)odd_im * w[0] - (int64_t)odd_re * w[1];
    low[0] = tp_rounded_high(even_re + turned_re);
    low[1] = tp_rounded_high(even_im + turned_im);
    high[0] = tp_rounded_high(even_re - turned_re);
    high[1] = tp_rounded_high(turned_im - even_im);
  }
}

#endif
#endif
