#include "plain.h"

#define MOST_POINTS 4096

void plain_window(const int16_t *input, int16_t *output) {
  for (int i = 0; i < samples; i++) {
    int32_t x = ((int32_t)input[i] * window[i]) >> 12;
    if (x < INT16_MIN) x = INT16_MIN;
    if (x > INT16_MAX) x = INT16_MAX;
    output[i] = (int16_t)x;
  }
}

int plain_scale(const int16_t *input, int16_t *output) {
  int16_t most = 0;
  for (int i = 0; i < samples; i++) {
    if (input[i] > most) {
      most = input[i];
    } else if (-input[i] > most) {
      most = (int16_t)-input[i];
    }
  }
  int bits = 0;
  if (most > 0) {
    while ((most << (bits + 1)) <= INT16_MAX) bits++;
  }
  for (int i = 0; i < samples; i++) output[i] = (int16_t)(input[i] * (1 << bits));
  return bits;
}

static int16_t rounded(int32_t x) {
  return (int16_t)((x + (1 << 14)) >> 15);
}

static complex16 divided(complex16 a, int by) {
  const complex16 c = {rounded(a.re * (INT16_MAX / by)), rounded(a.im * (INT16_MAX / by))};
  return c;
}

static complex16 product(complex16 a, complex16 b) {
  const complex16 c = {rounded(a.re * b.re - a.im * b.im), rounded(a.re * b.im + a.im * b.re)};
  return c;
}

static complex16 sum(complex16 a, complex16 b) {
  const complex16 c = {(int16_t)(a.re + b.re), (int16_t)(a.im + b.im)};
  return c;
}

static complex16 difference(complex16 a, complex16 b) {
  const complex16 c = {(int16_t)(a.re - b.re), (int16_t)(a.im - b.im)};
  return c;
}

static void join_2(complex16 *z, int part, int stride) {
  for (int k = 0; k < part; k++) {
    const complex16 a = divided(z[k], 2);
    const complex16 b = product(divided(z[k + part], 2), twiddles[k * stride]);
    z[k] = sum(a, b);
    z[k + part] = difference(a, b);
  }
}

static void join_4(complex16 *z, int part, int stride) {
  for (int k = 0; k < part; k++) {
    const complex16 a = divided(z[k], 4);
    const complex16 b = product(divided(z[k + part], 4), twiddles[k * stride]);
    const complex16 c = product(divided(z[k + 2 * part], 4), twiddles[2 * k * stride]);
    const complex16 d = product(divided(z[k + 3 * part], 4), twiddles[3 * k * stride]);
    const complex16 even = sum(a, c), cross = difference(a, c), odd = sum(b, d), turn = difference(b, d);
    const complex16 turned = {turn.im, (int16_t)-turn.re};
    z[k] = sum(even, odd);
    z[k + part] = sum(cross, turned);
    z[k + 2 * part] = difference(even, odd);
    z[k + 3 * part] = difference(cross, turned);
  }
}

static void fft(const complex16 *input, complex16 *output, int length, int stride) {
  const int radix = length % 4 == 0 ? 4 : 2, part = length / radix;
  for (int i = 0; i < radix; i++) {
    if (part == 1) {
      output[i] = input[i * stride];
    } else {
      fft(input + i * stride, output + i * part, part, radix * stride);
    }
  }
  if (radix == 4) {
    join_4(output, part, stride);
  } else {
    join_2(output, part, stride);
  }
}

void plain_rfft(const int16_t *input, complex16 *output) {
  static complex16 pairs[MOST_POINTS / 2], z[MOST_POINTS / 2];
  const int n = points / 2;
  int16_t *padded = &pairs[0].re;
  for (int i = 0; i < points; i++) padded[i] = i < samples ? input[i] : 0;
  fft(pairs, z, n, 1);
  const complex16 first = divided(z[0], 2);
  output[0].re = (int16_t)(first.re + first.im);
  output[n].re = (int16_t)(first.re - first.im);
  output[0].im = output[n].im = 0;
  for (int k = 1; k <= n / 2; k++) {
    const complex16 mirrored = {z[n - k].re, (int16_t)-z[n - k].im};
    const complex16 near = divided(z[k], 2), far = divided(mirrored, 2);
    const complex16 even = sum(near, far), odd = product(difference(near, far), split_twiddles[k - 1]);
    output[k].re = (int16_t)((even.re + odd.re) >> 1);
    output[k].im = (int16_t)((even.im + odd.im) >> 1);
    output[n - k].re = (int16_t)((even.re - odd.re) >> 1);
    output[n - k].im = (int16_t)((odd.im - even.im) >> 1);
  }
}

void plain_energy(const complex16 *input, uint32_t *output) {
  for (int i = 0; i <= points / 2; i++) {
    const int32_t re = input[i].re, im = input[i].im;
    output[i] = i < first_bin || i >= end_bin ? 0 : (uint32_t)(re * re) + (uint32_t)(im * im);
  }
}

void plain_filter_bank(const uint32_t *input, uint64_t *output) {
  uint64_t weighted = 0, unweighted = 0;
  int at = 0;
  for (int i = 0; i <= channels; i++) {
    for (int j = 0; j < widths[i]; j++, at++) {
      weighted += (uint64_t)weights[at] * input[starts[i] + j];
      unweighted += (uint64_t)unweights[at] * input[starts[i] + j];
    }
    if (i > 0) output[i - 1] = weighted;
    weighted = unweighted;
    unweighted = 0;
  }
}

static uint32_t root_of(uint64_t x) {
  uint64_t root = 0, bit = (uint64_t)1 << 62;
  const int narrow = (x >> 32) == 0;
  while (bit > x) bit >>= 2;
  for (; bit != 0; bit >>= 2) {
    if (x >= root + bit) {
      x -= root + bit;
      root = (root >> 1) + bit;
    } else {
      root >>= 1;
    }
  }
  if (x > root && !(narrow && root == UINT16_MAX)) root++;
  return (uint32_t)root;
}

void plain_square_root(const uint64_t *input, int bits, uint32_t *output) {
  for (int i = 0; i < channels; i++) output[i] = root_of(input[i]) >> bits;
}

void plain_noise_reduction(uint32_t *estimate, const uint32_t *input, uint32_t *output) {
  for (int i = 0; i < channels; i++) {
    const uint32_t smoothing = i % 2 ? 983 : 409, scaled = input[i] << 10;
    estimate[i] = (uint32_t)(((uint64_t)scaled * smoothing + (uint64_t)estimate[i] * (16384 - smoothing)) >> 14);
    const uint32_t taken = estimate[i] > scaled ? scaled : estimate[i];
    const uint32_t left = (scaled - taken) >> 10, least = (uint32_t)(((uint64_t)input[i] * 819) >> 14);
    output[i] = left > least ? left : least;
  }
}

static int length_of(uint32_t x) {
  int bits = 0;
  for (; x != 0; x >>= 1) bits++;
  return bits;
}

static int16_t gain_at(uint32_t x) {
  if (x <= 2) return gain[x];
  const int bits = length_of(x);
  const int16_t *piece = gain + 4 * bits - 6;
  const int32_t fraction = (int32_t)(bits < 11 ? x << (11 - bits) : x >> (bits - 11)) & 0x3ff;
  const int32_t bent = ((piece[2] * fraction) >> 5) + piece[1] * 32;
  return (int16_t)(piece[0] + ((bent * fraction + (1 << 14)) >> 15));
}

void plain_pcan(const uint32_t *estimate, const uint32_t *input, uint32_t *output) {
  for (int i = 0; i < channels; i++) {
    const uint32_t snr = (uint32_t)(((uint64_t)input[i] * (uint32_t)gain_at(estimate[i])) >> 6);
    output[i] = snr < 8192 ? (snr * snr) >> 20 : (snr >> 6) - 64;
  }
}

void plain_log(const uint32_t *input, int16_t *output) {
  for (int i = 0; i < channels; i++) {
    const uint32_t x = input[i] << 3;
    output[i] = 0;
    if (x <= 1) continue;
    const int whole = length_of(x) - 1;
    uint32_t fraction = x - ((uint32_t)1 << whole);
    fraction = whole < 16 ? fraction << (16 - whole) : fraction >> (whole - 16);
    const uint32_t segment = fraction >> 9;
    const int32_t step = log_table[segment + 1] - log_table[segment];
    const int32_t between = (step * (int32_t)(fraction - (segment << 9))) >> 16;
    const uint32_t log2 = ((uint32_t)whole << 16) + fraction + log_table[segment] + (uint32_t)between;
    const uint32_t natural = (uint32_t)(((uint64_t)45426 * log2 + 32768) >> 16);
    output[i] = (int16_t)((natural * 64 + 32768) >> 16);
  }
}

void plain_rescale(const int16_t *input, int8_t *output) {
  for (int i = 0; i < channels; i++) {
    int32_t x = (input[i] * 256 + 333) / 666 - 128;
    if (x < -128) x = -128;
    if (x > 127) x = 127;
    output[i] = (int8_t)x;
  }
}
