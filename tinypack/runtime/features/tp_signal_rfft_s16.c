#include "tp_signal_rfft_s16.h"

/* Pairs of samples are taken as n = length / 2 complex numbers, transformed by radix-4 steps that divide by 4 each, and
   split into the bins of real values. The order of all roundings is kissfft's, as in TensorFlow Lite Micro; what is
   left out is what can't change a bit: by a quarter of 16 bits, multiplication with the first twiddle, 32767 / 32768,
   rounds to the number itself. Sums keep their lower 16 bits. */

#define HALF (1 << 14)

static inline int32_t over_4(int32_t x) {
  return (x * (INT16_MAX / 4) + HALF) >> 15;
}

static inline int32_t over_2(int32_t x) {
  return (x * (INT16_MAX / 2) + HALF) >> 15;
}

static inline int32_t turned_re(int32_t re, int32_t im, int32_t cos, int32_t sin) {
  return (re * cos - im * sin + HALF) >> 15;
}

static inline int32_t turned_im(int32_t re, int32_t im, int32_t cos, int32_t sin) {
  return (re * sin + im * cos + HALF) >> 15;
}

static inline void butterfly(int16_t *q0, int16_t *q1, int16_t *q2, int16_t *q3, int32_t a_re, int32_t a_im,
                             int32_t b_re, int32_t b_im, int32_t c_re, int32_t c_im, int32_t d_re, int32_t d_im) {
  const int32_t even_re = a_re + c_re, even_im = a_im + c_im, odd_re = b_re + d_re, odd_im = b_im + d_im;
  const int32_t cross_re = a_re - c_re, cross_im = a_im - c_im, turn_re = b_im - d_im, turn_im = d_re - b_re;
  q0[0] = (int16_t)(even_re + odd_re);
  q0[1] = (int16_t)(even_im + odd_im);
  q1[0] = (int16_t)(cross_re + turn_re);
  q1[1] = (int16_t)(cross_im + turn_im);
  q2[0] = (int16_t)(even_re - odd_re);
  q2[1] = (int16_t)(even_im - odd_im);
  q3[0] = (int16_t)(cross_re - turn_re);
  q3[1] = (int16_t)(cross_im - turn_im);
}

/* Count up in digits of base 4 whose order is reversed; `top` is the unit of the first digit. */
static inline int32_t next_reversed(int32_t i, int32_t top) {
  while (top != 0 && (i & (3 * top)) == 3 * top) {
    i -= 3 * top;
    top >>= 2;
  }
  return i + top;
}

static inline int32_t sample(const tp_signal_rfft_s16_t *p, const int16_t *x, int32_t i) {
  return i < p->samples ? x[i] : 0;
}

static void first_of_2(const tp_signal_rfft_s16_t *p, const int16_t *x, int16_t *z) {
  const int32_t half = p->length / 2;
  int32_t i = 0;
  for (int16_t *q = z; q < z + p->length; q += 4) {
    const int32_t a_re = over_2(sample(p, x, 2 * i)), a_im = over_2(sample(p, x, 2 * i + 1));
    const int32_t b_re = over_2(sample(p, x, 2 * i + half)), b_im = over_2(sample(p, x, 2 * i + half + 1));
    q[0] = (int16_t)(a_re + b_re);
    q[1] = (int16_t)(a_im + b_im);
    q[2] = (int16_t)(a_re - b_re);
    q[3] = (int16_t)(a_im - b_im);
    i = next_reversed(i, half / 8);
  }
}

static void first_of_4(const tp_signal_rfft_s16_t *p, const int16_t *x, int16_t *z) {
  const int32_t quarter = p->length / 4;
  int32_t i = 0;
  for (int16_t *q = z; q < z + p->length; q += 8) {
    const int32_t a = 2 * i, b = a + quarter, c = b + quarter, d = c + quarter;
    butterfly(q, q + 2, q + 4, q + 6, over_4(sample(p, x, a)), over_4(sample(p, x, a + 1)), over_4(sample(p, x, b)),
              over_4(sample(p, x, b + 1)), over_4(sample(p, x, c)), over_4(sample(p, x, c + 1)),
              over_4(sample(p, x, d)), over_4(sample(p, x, d + 1)));
    i = next_reversed(i, quarter / 8);
  }
}

/* Four transforms of `part` numbers each become one, and so on along z. */
static void step_of_4(const tp_signal_rfft_s16_t *p, int16_t *z, int32_t part) {
  const int16_t *const end = z + p->length;
  const int32_t stride = p->length / (4 * part); /* from one twiddle to the next, in elements */
  for (int16_t *q0 = z; q0 < end; q0 += 8 * part) {
    int16_t *const q1 = q0 + 2 * part, *const q2 = q1 + 2 * part, *const q3 = q2 + 2 * part;
    butterfly(q0, q1, q2, q3, over_4(q0[0]), over_4(q0[1]), over_4(q1[0]), over_4(q1[1]), over_4(q2[0]), over_4(q2[1]),
              over_4(q3[0]), over_4(q3[1]));
  }
  for (int32_t k = 1; k < part; k++) {
    const int16_t *w1 = p->twiddle + k * stride, *w2 = w1 + k * stride, *w3 = w2 + k * stride;
    const int32_t c1 = w1[0], s1 = w1[1], c2 = w2[0], s2 = w2[1], c3 = w3[0], s3 = w3[1];
    for (int16_t *q0 = z + 2 * k; q0 < end; q0 += 8 * part) {
      int16_t *const q1 = q0 + 2 * part, *const q2 = q1 + 2 * part, *const q3 = q2 + 2 * part;
      const int32_t b_re = over_4(q1[0]), b_im = over_4(q1[1]), c_re = over_4(q2[0]), c_im = over_4(q2[1]);
      const int32_t d_re = over_4(q3[0]), d_im = over_4(q3[1]);
      butterfly(q0, q1, q2, q3, over_4(q0[0]), over_4(q0[1]), turned_re(b_re, b_im, c1, s1),
                turned_im(b_re, b_im, c1, s1), turned_re(c_re, c_im, c2, s2), turned_im(c_re, c_im, c2, s2),
                turned_re(d_re, d_im, c3, s3), turned_im(d_re, d_im, c3, s3));
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
  int16_t *near = z + 2, *far = z + 2 * (n - 1);
  for (; near <= far; near += 2, far -= 2, w += 2) {
    const int32_t near_re = over_2(near[0]), near_im = over_2(near[1]);
    const int32_t far_re = over_2(far[0]), far_im = over_2((int16_t)-far[1]);
    const int32_t even_re = near_re + far_re, even_im = near_im + far_im;
    const int32_t odd_re = near_re - far_re, odd_im = near_im - far_im;
    const int32_t re = (int16_t)turned_re(odd_re, odd_im, w[0], w[1]);
    const int32_t im = (int16_t)turned_im(odd_re, odd_im, w[0], w[1]);
    near[0] = (int16_t)((even_re + re) >> 1);
    near[1] = (int16_t)((even_im + im) >> 1);
    far[0] = (int16_t)((even_re - re) >> 1);
    far[1] = (int16_t)((im - even_im) >> 1);
  }
}

void tp_signal_rfft_s16(const tp_signal_rfft_s16_t *p, const int16_t *input, int16_t *output) {
  const int32_t n = p->length / 2;
  /* 0x5555 has a bit for each power of 4. */
  const int32_t first = (n & 0x5555) != 0 ? 4 : 2;
  if (first == 4) {
    first_of_4(p, input, output);
  } else {
    first_of_2(p, input, output);
  }
  for (int32_t part = first; part < n; part *= 4) step_of_4(p, output, part);
  split(p->split_twiddle, output, n);
}
