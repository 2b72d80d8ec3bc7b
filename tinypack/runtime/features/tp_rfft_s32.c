#include "tp_rfft_s32.h"

#include "tp_fixed.h"

/* N real values are taken as n = N / 2 complex ones, transformed by radix-4 steps, and split into the N / 2 + 1 bins.
   Every step first moves the values up to the top of 32 bits, as far as the largest allows, and then divides by 4, so
   that nothing overflows and little is rounded away. "size" is the OR of all tp_size() of the values at hand. */

static void reverse_bits(int32_t *z, int32_t n) {
  int32_t reversed = 0;
  for (int32_t i = 0; i < n; i++) {
    if (i < reversed) {
      const int32_t re = z[2 * i], im = z[2 * i + 1];
      z[2 * i] = z[2 * reversed];
      z[2 * i + 1] = z[2 * reversed + 1];
      z[2 * reversed] = re;
      z[2 * reversed + 1] = im;
    }
    int32_t bit = n >> 1;
    for (; reversed & bit; bit >>= 1) reversed ^= bit;
    reversed |= bit;
  }
}

/* The first step has no twiddles, and room for exact sums. */
static uint32_t first_of_2(int32_t *z, int32_t n) {
  uint32_t size = 0;
  for (int32_t *q = z; q < z + 2 * n; q += 4) {
    const int32_t a_re = q[0], a_im = q[1], b_re = q[2], b_im = q[3];
    q[0] = a_re + b_re;
    q[1] = a_im + b_im;
    q[2] = a_re - b_re;
    q[3] = a_im - b_im;
    size |= tp_size(q[0]) | tp_size(q[1]) | tp_size(q[2]) | tp_size(q[3]);
  }
  return size;
}

/* Bit reversal puts the four parts of a transform in the order 0, 2, 1, 3. */
static inline uint32_t butterfly(int32_t *q0, int32_t *q1, int32_t *q2, int32_t *q3, int32_t a_re, int32_t a_im,
                                 int32_t b_re, int32_t b_im, int32_t c_re, int32_t c_im, int32_t d_re, int32_t d_im) {
  const int32_t even_re = a_re + c_re, even_im = a_im + c_im, odd_re = b_re + d_re, odd_im = b_im + d_im;
  const int32_t cross_re = a_re - c_re, cross_im = a_im - c_im, turn_re = b_im - d_im, turn_im = d_re - b_re;
  q0[0] = even_re + odd_re;
  q0[1] = even_im + odd_im;
  q1[0] = cross_re + turn_re;
  q1[1] = cross_im + turn_im;
  q2[0] = even_re - odd_re;
  q2[1] = even_im - odd_im;
  q3[0] = cross_re - turn_re;
  q3[1] = cross_im - turn_im;
  return tp_size(q0[0]) | tp_size(q0[1]) | tp_size(q1[0]) | tp_size(q1[1]) | tp_size(q2[0]) | tp_size(q2[1]) |
         tp_size(q3[0]) | tp_size(q3[1]);
}

static uint32_t first_of_4(int32_t *z, int32_t n) {
  uint32_t size = 0;
  for (int32_t *q = z; q < z + 2 * n; q += 8)
    size |= butterfly(q, q + 2, q + 4, q + 6, q[0], q[1], q[4], q[5], q[2], q[3], q[6], q[7]);
  return size;
}

/* Four transforms of `part` values each become one, and so on along z. */
static uint32_t step_of_4(const tp_rfft_s32_t *p, int32_t *z, int32_t part, int32_t up) {
  const int32_t n = p->length / 2;
  const int32_t stride = n / part; /* elements of both tables from one twiddle to the next */
  const int32_t *w1 = p->twiddle, *w23 = p->twiddle_2_3;
  uint32_t size = 0;
  for (int32_t k = 0; k < part; k++) {
    const int32_t c1 = w1[0], s1 = w1[1], c2 = w23[0], s2 = w23[1], c3 = w23[2], s3 = w23[3];
    for (int32_t *q0 = z + 2 * k; q0 < z + 2 * n; q0 += 8 * part) {
      int32_t *const q1 = q0 + 2 * part, *const q2 = q1 + 2 * part, *const q3 = q2 + 2 * part;
      const int32_t a_re = tp_quarter(tp_shift_left(q0[0], up)), a_im = tp_quarter(tp_shift_left(q0[1], up));
      const int32_t c_re = tp_shift_left(q1[0], up), c_im = tp_shift_left(q1[1], up);
      const int32_t b_re = tp_shift_left(q2[0], up), b_im = tp_shift_left(q2[1], up);
      const int32_t d_re = tp_shift_left(q3[0], up), d_im = tp_shift_left(q3[1], up);
      size |= butterfly(q0, q1, q2, q3, a_re, a_im, tp_mul_add_high(b_re, c1, b_im, s1),
                        tp_mul_sub_high(b_im, c1, b_re, s1), tp_mul_add_high(c_re, c2, c_im, s2),
                        tp_mul_sub_high(c_im, c2, c_re, s2), tp_mul_add_high(d_re, c3, d_im, s3),
                        tp_mul_sub_high(d_im, c3, d_re, s3));
    }
    w1 += stride;
    w23 += stride;
  }
  return size;
}

/* Bins k and n - k from the transforms of the even and of the odd values, which stand folded into z[k] and z[n - k]. */
static void split(const int32_t *w, int32_t *z, int32_t n, int32_t up, int32_t down) {
  const int32_t *m = z; /* z[n] is z[0] */
  for (int32_t k = 0; k <= n / 2; k++) {
    const int32_t k_re = tp_shift_left(z[2 * k], up) >> down, k_im = tp_shift_left(z[2 * k + 1], up) >> down;
    const int32_t m_re = tp_shift_left(m[0], up) >> down, m_im = tp_shift_left(m[1], up) >> down;
    const int64_t even_re = (int64_t)(k_re + m_re) * (1 << 30) + ((int64_t)1 << 31);
    const int64_t even_im = (int64_t)(k_im - m_im) * (1 << 30);
    const int32_t odd_re = k_im + m_im, odd_im = m_re - k_re, cos = w[2 * k], sin = w[2 * k + 1];
    const int64_t turned_re = (int64_t)odd_re * cos + (int64_t)odd_im * sin;
    const int64_t turned_im = (int64_t)odd_im * cos - (int64_t)odd_re * sin + ((int64_t)1 << 31);
    z[2 * k] = (int32_t)((even_re + turned_re) >> 32);
    z[2 * k + 1] = (int32_t)((turned_im + even_im) >> 32);
    z[2 * (n - k)] = (int32_t)((even_re - turned_re) >> 32);
    z[2 * (n - k) + 1] = (int32_t)((turned_im - even_im) >> 32);
    m = z + 2 * (n - k - 1);
  }
}

/* How far values of a size can move up, so that they stay below 2^bits. */
static int32_t headroom(uint32_t size, int32_t bits) {
  const int32_t up = size != 0 ? tp_leading_zeros_32(size) - (32 - bits) : 0;
  return up > 0 ? up : 0;
}

void tp_rfft_s32(const tp_rfft_s32_t *p, const int32_t *input, const int32_t *exponent, int32_t *output,
                 int32_t *output_exponent) {
  const int32_t n = p->length / 2;
  int32_t scale = *exponent;
  for (int32_t i = 0; output != input && i < 2 * n; i++) output[i] = input[i];
  reverse_bits(output, n);
  /* 0x5555 has a bit for each power of 4. */
  int32_t part = (n & 0x5555) != 0 ? 4 : 2;
  uint32_t size = part == 4 ? first_of_4(output, n) : first_of_2(output, n);
  for (; part < n; part *= 4) {
    const int32_t up = headroom(size, 30);
    size = step_of_4(p, output, part, up);
    scale += 2 - up;
  }
  /* Sums of two values must fit. */
  const int32_t up = headroom(size, 30), down = size >> 30 != 0;
  split(p->twiddle, output, n, up, down);
  *output_exponent = scale + 1 - up + down;
}
