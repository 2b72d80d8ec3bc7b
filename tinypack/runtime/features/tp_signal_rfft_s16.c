#include "tp_signal_rfft_s16.h"

/* Pairs of samples are taken as n = length / 2 complex numbers, transformed by radix-4 steps that divide by 4 each, and
   split into the bins of real values. The order of all roundings is kissfft's, as in TensorFlow Lite Micro; what is
   left out is what can't change a bit: by a quarter of 16 bits, multiplication with the first twiddle, 32767 / 32768,
   rounds to the number itself. Sums keep their lower 16 bits. */

#define HALF (1 << 14)

static inline int32_t over_4(int32_t x) {
  return (HALF + x * (INT16_MAX / 4)) >> 15;
}

static inline int32_t over_2(int32_t x) {
  return (HALF + x * (INT16_MAX / 2)) >> 15;
}

static inline int32_t turned_re(int32_t re, int32_t im, int32_t cos, int32_t sin) {
  return (HALF + re * cos - im * sin) >> 15;
}

static inline int32_t turned_im(int32_t re, int32_t im, int32_t cos, int32_t sin) {
  return (HALF + re * sin + im * cos) >> 15;
}

static inline void put(int16_t *z, int32_t re, int32_t im) {
  z[0] = (int16_t)re;
  z[1] = (int16_t)im;
}

/* Lay pairs of samples where the first step finds them, and zeros behind: the places are the counted numbers' digits of
   base 4 (and, where 4 does not divide n to the end, a last one of base 2) in reversed order. */
static void reorder(const tp_signal_rfft_s16_t *p, const int16_t *x, int16_t *z) {
  const int32_t n = p->length / 2, pairs = p->samples / 2;
  int32_t place = 0;
  for (int32_t i = 0; i < n; i++, x += 2) {
    int16_t *q = z + 2 * place;
    if (i < pairs) {
      put(q, x[0], x[1]);
    } else {
      put(q, i == pairs && p->samples % 2 ? x[0] : 0, 0);
    }
    int32_t digit = n / 4;
    while ((place & (3 * digit)) == 3 * digit && digit != 0) {
      place -= 3 * digit;
      digit >>= 2;
    }
    place += digit != 0 ? digit : 1;
  }
}

static void first_of_2(int16_t *z, int32_t length) {
  for (int16_t *q = z; q < z + length; q += 4) {
    const int32_t a_re = over_2(q[0]), a_im = over_2(q[1]), b_re = over_2(q[2]), b_im = over_2(q[3]);
    put(q, a_re + b_re, a_im + b_im);
    put(q + 2, a_re - b_re, a_im - b_im);
  }
}

/* Four numbers, of which three are turned and all divided by 4, become sums. */
static inline void butterfly(int16_t *q0, int32_t step, int32_t b_re, int32_t b_im, int32_t c_re, int32_t c_im,
                             int32_t d_re, int32_t d_im) {
  int16_t *const q1 = q0 + step, *const q2 = q1 + step, *const q3 = q2 + step;
  const int32_t odd_re = b_re + d_re, odd_im = b_im + d_im, turn_re = b_im - d_im, turn_im = d_re - b_re;
  const int32_t a_re = over_4(q0[0]), a_im = over_4(q0[1]);
  const int32_t even_re = a_re + c_re, even_im = a_im + c_im, cross_re = a_re - c_re, cross_im = a_im - c_im;
  put(q0, even_re + odd_re, even_im + odd_im);
  put(q1, cross_re + turn_re, cross_im + turn_im);
  put(q2, even_re - odd_re, even_im - odd_im);
  put(q3, cross_re - turn_re, cross_im - turn_im);
}

/* Four transforms of `part` numbers each become one, and so on along z. */
static void step_of_4(const tp_signal_rfft_s16_t *p, int16_t *z, int32_t part) {
  const int16_t *const end = z + p->length;
  const int32_t step = 2 * part, stride = p->length / (4 * part); /* of numbers and of twiddles, in elements */
  for (int16_t *q = z; q < end; q += 4 * step) {
    const int16_t *const q1 = q + step, *const q2 = q1 + step, *const q3 = q2 + step;
    butterfly(q, step, over_4(q1[0]), over_4(q1[1]), over_4(q2[0]), over_4(q2[1]), over_4(q3[0]), over_4(q3[1]));
  }
  for (int32_t k = 1; k < part; k++) {
    const int16_t *w1 = p->twiddle + k * stride, *w2 = w1 + k * stride, *w3 = w2 + k * stride;
    const int32_t c1 = w1[0], s1 = w1[1], c2 = w2[0], s2 = w2[1], c3 = w3[0], s3 = w3[1];
    for (int16_t *q = z + 2 * k; q < end; q += 4 * step) {
      const int16_t *const q1 = q + step, *const q2 = q1 + step, *const q3 = q2 + step;
      const int32_t b_re = over_4(q1[0]), b_im = over_4(q1[1]), c_re = over_4(q2[0]), c_im = over_4(q2[1]);
      const int32_t d_re = over_4(q3[0]), d_im = over_4(q3[1]);
      butterfly(q, step, turned_re(b_re, b_im, c1, s1), turned_im(b_re, b_im, c1, s1), turned_re(c_re, c_im, c2, s2),
                turned_im(c_re, c_im, c2, s2), turned_re(d_re, d_im, c3, s3), turned_im(d_re, d_im, c3, s3));
    }
  }
}

/* Bins k and n - k from the transforms of the even and of the odd samples, which stand folded into z[k] and z[n - k]. */
static void split(const int16_t *w, int16_t *z, int32_t n) {
  const int32_t first_re = over_2(z[0]), first_im = over_2(z[1]);
  z[0] = (int16_t)(first_re + first_im);
  z[1] = 0;
  z[2 * n] = (int16_t)(first_re - first_im);
  z[2 * n + 1] = 0;
  int16_t *low = z + 2, *high = z + 2 * (n - 1);
  for (; low <= high; low += 2, high -= 2, w += 2) {
    const int32_t low_re = over_2(low[0]), low_im = over_2(low[1]);
    const int32_t high_re = over_2(high[0]), high_im = over_2((int16_t)-(int32_t)high[1]);
    const int32_t even_re = low_re + high_re, even_im = low_im + high_im;
    const int32_t odd_re = low_re - high_re, odd_im = low_im - high_im;
    const int32_t re = (int16_t)turned_re(odd_re, odd_im, w[0], w[1]);
    const int32_t im = (int16_t)turned_im(odd_re, odd_im, w[0], w[1]);
    low[0] = (int16_t)((even_re + re) >> 1);
    low[1] = (int16_t)((even_im + im) >> 1);
    high[0] = (int16_t)((even_re - re) >> 1);
    high[1] = (int16_t)((im - even_im) >> 1);
  }
}

void tp_signal_rfft_s16(const tp_signal_rfft_s16_t *p, const int16_t *input, int16_t *output) {
  const int32_t n = p->length / 2;
  int32_t part = 1;
  reorder(p, input, output);
  /* 0x5555 has a bit for each power of 4. */
  if ((n & 0x5555) == 0) {
    first_of_2(output, p->length);
    part = 2;
  }
  for (; part < n; part *= 4) step_of_4(p, output, part);
  split(p->split_twiddle, output, n);
}
