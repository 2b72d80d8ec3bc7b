#include "tp_spectral_s32.h"

#include "tp_moments.h"
#include "tp_rfft_s32.h"

static int32_t sample_at(const void *series, int32_t i) {
  return ((const int32_t *)series)[i];
}

typedef struct {
  const uint64_t *powers;
  int32_t down;
} powers_t;

static int32_t power_at(const void *series, int32_t i) {
  const powers_t *const spectrum = (const powers_t *)series;
  return (int32_t)(spectrum->powers[i] >> spectrum->down);
}

static int32_t bit_length(uint64_t x) {
  return x != 0 ? 64 - tp_leading_zeros_64(x) : 0;
}

/* x / 2^down, rounded to nearest. Nothing leaves the top: powers are below 2^63 then. */
static uint64_t shifted(uint64_t x, int32_t down) {
  if (down <= 0) return x << -down;
  return down > 63 ? 0 : (x + ((uint64_t)1 << (down - 1))) >> down;
}

/* Adds the powers of the segment from `start` to those of the segments before. x [length], its deviations from the
   mean below 2^28 after `up`. */
static void add_segment(const tp_spectral_s32_t *p, const int32_t *x, int32_t start, int32_t mean, int32_t up,
                        uint64_t *powers, int32_t *work) {
  const tp_rfft_s32_t fft = {p->twiddle, p->twiddle_2_3, p->fft};
  const int32_t none = 0;
  int32_t exponent;
  for (int32_t i = 0; i < p->fft; i++) {
    const int32_t d = start + i < p->length ? (x[start + i] - mean) * ((int32_t)1 << up) : 0;
    work[i] = p->taper != NULL ? (int32_t)(((int64_t)d * p->taper[i] + ((int64_t)1 << 29)) >> 30) : d;
  }
  tp_rfft_s32(&fft, work, &none, work, &exponent);
  for (int32_t k = 0; k <= p->fft / 2; k++) {
    const int64_t re = work[2 * k], im = work[2 * k + 1];
    const uint64_t power = shifted((uint64_t)(re * re + im * im), p->down - 2 * exponent);
    if (!p->hold_largest) {
      powers[k] += power;
    } else if (power > powers[k]) {
      powers[k] = power;
    }
  }
}

static int32_t feature(const tp_spectral_s32_t *p, uint64_t power, int32_t exponent) {
  const tp_scaled_t scale = {p->scale, p->scale_exponent};
  const tp_scaled_t real = tp_scaled_mul(tp_scaled(power, exponent), scale);
  if (!p->log) return tp_scaled_fixed(real, p->bits);
  if (real.mantissa == 0) return p->floor;
  /* log10(2) in Q30; from Q50 to Q16 */
  const int64_t log = ((int64_t)tp_scaled_log2(real) * 323228497 + ((int64_t)1 << 33)) >> 34;
  return log < p->floor ? p->floor : (int32_t)log;
}

/* The largest peak that comes after `before` in the order of falling power; 0: there is none. */
static int32_t next_peak(const tp_spectral_s32_t *p, const uint64_t *powers, uint64_t least, int32_t before) {
  int32_t found = 0;
  for (int32_t k = p->first > 1 ? p->first : 1; k < p->end && k < p->fft / 2; k++) {
    const uint64_t x = powers[k];
    const int is_peak = x > powers[k - 1] && x >= powers[k + 1] && x >= least;
    const int is_next = before == 0 || x < powers[before] || (x == powers[before] && k > before);
    if (is_peak && is_next && (found == 0 || x > powers[found])) found = k;
  }
  return found;
}

static int32_t *spectrum_features(const tp_spectral_s32_t *p, const uint64_t *powers, int32_t exponent, int32_t *out) {
  uint64_t most = 0, largest = 0;
  for (int32_t k = 0; k <= p->fft / 2; k++) {
    if (powers[k] > most) most = powers[k];
    if (powers[k] > largest && k >= p->first && k < p->end) largest = powers[k];
  }
  if (p->shape) {
    const int32_t down = bit_length(most) - 28;
    const powers_t series = {powers, down > 0 ? down : 0};
    int32_t all[TP_STATISTICS];
    tp_moments(power_at, &series, p->fft / 2 + 1, all);
    *out++ = all[TP_SKEWNESS];
    *out++ = all[TP_KURTOSIS];
  }
  for (int32_t k = p->first; k < p->end; k++) {
    *out++ = feature(p, powers[k], exponent);
  }
  const uint64_t least = (largest >> 15) * (uint32_t)p->at_least;
  int32_t peak = 0;
  for (int32_t i = 0, more = 1; i < p->peaks; i++) {
    peak = more ? next_peak(p, powers, least, peak) : 0;
    more = peak != 0;
    *out++ = peak;
    *out++ = feature(p, more ? powers[peak] : 0, exponent);
  }
  return out;
}

void tp_spectral_s32(const tp_spectral_s32_t *p, const int32_t *signals, int32_t *features, uint64_t *powers,
                     int32_t *work) {
  for (int32_t c = 0; c < p->channels; c++) {
    const int32_t *const axis = signals + c * p->length;
    int32_t all[TP_STATISTICS];
    tp_moments(sample_at, axis, p->length, all);
    for (int32_t i = 0; i < p->statistics; i++) {
      *features++ = all[p->choice[i]];
    }
    const int32_t mean = all[TP_MEAN], above = all[TP_MAXIMUM] - mean, below = mean - all[TP_MINIMUM];
    const int32_t up = 28 - bit_length((uint64_t)(above > below ? above : below));
    for (int32_t k = 0; k <= p->fft / 2; k++) {
      powers[k] = 0;
    }
    for (int32_t i = 0; i < p->segments; i++) {
      add_segment(p, axis, i * p->step, mean, up, powers, work);
    }
    if (p->halve_ends) {
      powers[0] >>= 1;
      powers[p->fft / 2] >>= 1;
    }
    features = spectrum_features(p, powers, p->down - 2 * up, features);
  }
}
