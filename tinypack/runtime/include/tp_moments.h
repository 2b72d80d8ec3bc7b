/* Mean, deviation, skewness and the like of a series of integers.
   Sums are taken of deviations from the mean that are scaled so that the largest has 15 bits. With a crest factor
   c = largest deviation / standard deviation, the errors are: of std and rms 2^-15 of the largest deviation; of the
   skewness s 1.5 (1 + |s|) c / 2^14; of the kurtosis, 3 of a normal distribution, a share of 4.1 c / 2^14. */
#ifndef TP_MOMENTS_H
#define TP_MOMENTS_H

#include "tp_scaled.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  TP_MEAN,
  TP_STD,
  TP_RMS,
  TP_SKEWNESS, /* Q16; 0 of a constant */
  TP_KURTOSIS, /* Q16, less 3; 0 of a constant */
  TP_MINIMUM,
  TP_MAXIMUM,
  TP_PEAK_TO_PEAK,
  TP_ZERO_CROSSINGS, /* 0 counts as positive */
  TP_MEAN_CROSSINGS,
  TP_STATISTICS
};

/* Gives element i of a series, within +-(2^28 - 1). */
typedef int32_t tp_series_t(const void *series, int32_t i);

/* a / n, rounded down. n: > 0 */
static inline int64_t tp_floor_div(int64_t a, int32_t n) {
  return a / n - (a % n < 0 ? 1 : 0);
}

/* Skewness and kurtosis from sums of scaled deviations' powers, the fourth's divided by 2^12. */
static inline void tp_shape(int32_t n, int64_t s2, int64_t s3, int64_t s4, int32_t *skewness, int32_t *kurtosis) {
  *skewness = *kurtosis = 0;
  if (s2 == 0) return;
  const tp_scaled_t count = tp_scaled((uint64_t)n, 0), second = tp_scaled((uint64_t)s2, 0);
  const tp_scaled_t square = tp_scaled_mul(second, second);
  const tp_scaled_t third = tp_scaled((uint64_t)(s3 < 0 ? -s3 : s3), 0);
  const tp_scaled_t squared = tp_scaled_mul(tp_scaled_mul(third, third), count);
  const int32_t size = tp_scaled_fixed(tp_scaled_root(tp_scaled_div(squared, tp_scaled_mul(square, second))), 16);
  *skewness = s3 < 0 ? -size : size;
  const tp_scaled_t fourth = tp_scaled_mul(tp_scaled((uint64_t)s4, 12), count);
  *kurtosis = tp_scaled_fixed(tp_scaled_div(fourth, square), 16) - 3 * (int32_t)65536;
}

/* series [n] -> all [TP_STATISTICS], in the series' unit where nothing else is said. n: 2..8192 */
static inline void tp_moments(tp_series_t *at, const void *series, int32_t n, int32_t *all) {
  int64_t sum = 0;
  int32_t smallest = at(series, 0), largest = smallest;
  for (int32_t i = 0; i < n; i++) {
    const int32_t x = at(series, i);
    sum += x;
    if (x < smallest) smallest = x;
    if (x > largest) largest = x;
  }
  const int32_t mean = (int32_t)tp_floor_div(2 * sum + n, 2 * n);
  const int32_t spread = largest - mean > mean - smallest ? largest - mean : mean - smallest;
  const int32_t up = 29 - (spread != 0 ? 32 - tp_leading_zeros_32((uint32_t)spread) : 0);
  const int32_t factor = (int32_t)1 << up;
  const int32_t rest = (int32_t)tp_floor_div((sum - (int64_t)mean * n) * factor + n / 2, n);
  int64_t s1 = 0, s2 = 0, s3 = 0, s4 = 0;
  int32_t zero_crossings = 0, mean_crossings = 0;
  int32_t before = at(series, 0), deviation_before = (before - mean) * factor - rest;
  for (int32_t i = 0; i < n; i++) {
    const int32_t x = at(series, i);
    const int32_t deviation = (x - mean) * factor - rest;
    zero_crossings += (x < 0) != (before < 0);
    mean_crossings += (deviation < 0) != (deviation_before < 0);
    before = x;
    deviation_before = deviation;
    const int32_t d = (deviation + ((int32_t)1 << 13)) >> 14;
    const int32_t square = d * d;
    const uint32_t square_64th = ((uint32_t)square + 32u) >> 6;
    s1 += d;
    s2 += square;
    s3 += (int64_t)square * d;
    s4 += (int64_t)((uint64_t)square_64th * square_64th);
  }
  /* Rounding moves all alike where samples are small integers: the sums are led back to their mean. */
  s4 -= 4 * tp_floor_div((s3 >> 12) * s1, n);
  s3 -= 3 * tp_floor_div(s1 * s2, n);
  s2 -= s1 * s1 / n;
  uint64_t variance = ((uint64_t)s2 << 20) / (uint32_t)n;
  const int32_t down = 2 * up - 8;
  variance = down > 0 ? (variance + ((uint64_t)1 << (down - 1))) >> down : variance << -down;
  all[TP_MEAN] = mean;
  all[TP_STD] = tp_root_nearest(variance);
  all[TP_RMS] = tp_root_nearest(variance + (uint64_t)((int64_t)mean * mean));
  tp_shape(n, s2, s3, s4, &all[TP_SKEWNESS], &all[TP_KURTOSIS]);
  all[TP_MINIMUM] = smallest;
  all[TP_MAXIMUM] = largest;
  all[TP_PEAK_TO_PEAK] = largest - smallest;
  all[TP_ZERO_CROSSINGS] = zero_crossings;
  all[TP_MEAN_CROSSINGS] = mean_crossings;
}

#ifdef __cplusplus
}
#endif
#endif
