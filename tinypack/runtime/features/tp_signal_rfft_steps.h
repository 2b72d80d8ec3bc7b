/* The steps of the transform of tp_signal_rfft_s16.c in portable C. */
#ifndef TP_SIGNAL_RFFT_STEPS_H
#define TP_SIGNAL_RFFT_STEPS_H

#include "tp_signal_rfft_s16.h"

#ifndef TP_DSP

#define TP_HALF (1 << 14)

static inline int32_t tp_over_4(int32_t x) {
  return (TP_HALF + x * (INT16_MAX / 4)) >> 15;
}

static inline int32_t tp_over_2(int32_t x) {
  return (TP_HALF + x * (INT16_MAX / 2)) >> 15;
}

static inline int32_t tp_turned_re(int32_t re, int32_t im, int32_t cos, int32_t sin) {
  return (TP_HALF + re * cos - im * sin) >> 15;
}

static inline int32_t tp_turned_im(int32_t re, int32_t im, int32_t cos, int32_t sin) {
  return (TP_HALF + re * sin + im * cos) >> 15;
}

static inline void tp_put(int16_t *z, int32_t re, int32_t im) {
  z[0] = (int16_t)re;
  z[1] = (int16_t)im;
}

/* Lay pairs of samples where the first step finds them, and zeros behind: the places are the counted numbers' digits of
   base 4 (and, where 4 does not divide n to the end, a last one of base 2) in reversed order. */
static void tp_reorder(const tp_signal_rfft_s16_t *p, const int16_t *x, int16_t *z) {
  const int32_t n = p->length / 2, pairs = p->samples / 2;
  int32_t place = 0;
  for (int32_t i = 0; i < n; i++, x += 2) {
    int16_t *q = z + 2 * place;
    if (i < pairs) {
      tp_put(q, x[0], x[1]);
    } else {
      tp_put(q, i == pairs && p->samples % 2 ? x[0] : 0, 0);
    }
    int32_t digit = n / 4;
    while ((place & (3 * digit)) == 3 * digit && digit != 0) {
      place -= 3 * digit;
      digit >>= 2;
    }
    place += digit != 0 ? digit : 1;
  }
}

static void tp_signal_first_of_2(const tp_signal_rfft_s16_t *p, const int16_t *x, int16_t *z) {
  tp_reorder(p, x, z);
  for (int16_t *q = z; q < z + p->length; q += 4) {
    const int32_t a_re = tp_over_2(q[0]), a_im = tp_over_2(q[1]);
    const int32_t b_re = tp_over_2(q[2]), b_im = tp_over_2(q[3]);
    tp_put(q, a_re + b_re, a_im + b_im);
    tp_put(q + 2, a_re - b_re, a_im - b_im);
  }
}

/* Four numbers, of which three are turned and all divided by 4, become sums. */
static inline void tp_butterfly(int16_t *q0, int32_t step, int32_t b_re, int32_t b_im, int32_t c_re, int32_t c_im,
                                int32_t d_re, int32_t d_im) {
  int16_t *const q1 = q0 + step, *const q2 = q1 + step, *const q3 = q2 + step;
  const int32_t odd_re = b_re + d_re, odd_im = b_im + d_im, turn_re = b_im - d_im, turn_im = d_re - b_re;
  const int32_t a_re = tp_over_4(q0[0]), a_im = tp_over_4(q0[1]);
  const int32_t even_re = a_re + c_re, even_im = a_im + c_im, cross_re = a_re - c_re, cross_im = a_im - c_im;
  tp_put(q0, even_re + odd_re, even_im + odd_im);
  tp_put(q1, cross_re + turn_re, cross_im + turn_im);
  tp_put(q2, even_re - odd_re, even_im - odd_im);
  tp_put(q3, cross_re - turn_re, cross_im - turn_im);
}

/* Four transforms of `part` numbers each become one, and so on along z. */
static void tp_signal_step_of_4(const tp_signal_rfft_s16_t *p, int16_t *z, int32_t part) {
  const int16_t *const end = z + p->length;
  const int32_t step = 2 * part, stride = p->length / (4 * part); /* of numbers and of twiddles, in elements */
  for (int16_t *q = z; q < end; q += 4 * step) {
    const int16_t *const q1 = q + step, *const q2 = q1 + step, *const q3 = q2 + step;
    tp_butterfly(q, step, tp_over_4(q1[0]), tp_over_4(q1[1]), tp_over_4(q2[0]), tp_over_4(q2[1]), tp_over_4(q3[0]),
                 tp_over_4(q3[1]));
  }
  for (int32_t k = 1; k < part; k++) {
    const int16_t *w1 = p->twiddle + k * stride, *w2 = w1 + k * stride, *w3 = w2 + k * stride;
    const int32_t c1 = w1[0], s1 = w1[1], c2 = w2[0], s2 = w2[1], c3 = w3[0], s3 = w3[1];
    for (int16_t *q = z + 2 * k; q < end; q += 4 * step) {
      const int16_t *const q1 = q + step, *const q2 = q1 + step, *const q3 = q2 + step;
      const int32_t b_re = tp_over_4(q1[0]), b_im = tp_over_4(q1[1]);
      const int32_t c_re = tp_over_4(q2[0]), c_im = tp_over_4(q2[1]);
      const int32_t d_re = tp_over_4(q3[0]), d_im = tp_over_4(q3[1]);
      tp_butterfly(q, step, tp_turned_re(b_re, b_im, c1, s1), tp_turned_im(b_re, b_im, c1, s1),
                   tp_turned_re(c_re, c_im, c2, s2), tp_turned_im(c_re, c_im, c2, s2),
                   tp_turned_re(d_re, d_im, c3, s3), tp_turned_im(d_re, d_im, c3, s3));
    }
  }
}

static void tp_signal_first_of_4(const tp_signal_rfft_s16_t *p, const int16_t *x, int16_t *z) {
  tp_reorder(p, x, z);
  tp_signal_step_of_4(p, z, 1);
}

/* Bins k and n - k, 0 < k, from the transforms of the even and of the odd samples, which stand folded into z[k] and
   z[n - k]. */
static void tp_signal_split(const int16_t *w, int16_t *low, int16_t *high) {
  for (; low <= high; low += 2, high -= 2, w += 2) {
    const int32_t low_re = tp_over_2(low[0]), low_im = tp_over_2(low[1]);
    const int32_t high_re = tp_over_2(high[0]), high_im = tp_over_2((int16_t)-(int32_t)high[1]);
    const int32_t even_re = low_re + high_re, even_im = low_im + high_im;
    const int32_t odd_re = low_re - high_re, odd_im = low_im - high_im;
    const int32_t re = (int16_t)tp_turned_re(odd_re, odd_im, w[0], w[1]);
    const int32_t im = (int16_t)tp_turned_im(odd_re, odd_im, w[0], w[1]);
    low[0] = (int16_t)((even_re + re) >> 1);
    low[1] = (int16_t)((even_im + im) >> 1);
    high[0] = (int16_t)((even_re - re) >> 1);
    high[1] = (int16_t)((im - even_im) >> 1);
  }
}

#endif
#endif
