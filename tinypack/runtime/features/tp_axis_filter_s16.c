#include "tp_axis_filter_s16.h"

#define MOST (((int32_t)1 << 27) - 1)

/* From Q40 to Q10, rounded to nearest. */
static inline int32_t upper(int64_t x) {
  return (int32_t)((x + ((int64_t)1 << 29)) >> 30);
}

/* The integrators are exact: what a step adds to them is never rounded. */
static void section(const int32_t *coefficients, int32_t high, int32_t *x, int32_t length) {
  const int32_t c1 = coefficients[0], a2 = coefficients[1], a3 = coefficients[2], damping = coefficients[3];
  int64_t first = 0, second = 0;
  for (int32_t i = 0; i < length; i++) {
    const int32_t band = upper(first), error = x[i] - upper(second);
    const int64_t p = (int64_t)a2 * error - (int64_t)c1 * band;
    const int64_t q = (int64_t)a2 * band + (int64_t)a3 * error;
    first += p;
    second += q;
    const int64_t y = high ? x[i] * ((int64_t)1 << 30) - (int64_t)damping * upper(first) - second : second;
    first += p;
    second += q;
    x[i] = tp_clamp(upper(y), -MOST, MOST);
  }
}

void tp_axis_filter_s16(const tp_axis_filter_s16_t *p, const int16_t *samples, int32_t *signals) {
  for (int32_t c = 0; c < p->channels; c++) {
    int32_t *const axis = signals + c * p->length;
    for (int32_t i = 0; i < p->length; i++) {
      axis[i] = samples[i * p->channels + c] * (int32_t)1024;
    }
    for (int32_t s = 0; s < p->count; s++) {
      section(p->sections + 4 * s, p->high, axis, p->length);
    }
  }
}
