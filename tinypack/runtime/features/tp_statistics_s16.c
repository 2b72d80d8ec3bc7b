#include "tp_statistics_s16.h"

#include "tp_moments.h"

typedef struct {
  const int16_t *first;
  int32_t stride;
} samples_t;

static int32_t at(const void *series, int32_t i) {
  const samples_t *const samples = (const samples_t *)series;
  return samples->first[i * samples->stride] * (int32_t)1024;
}

void tp_statistics_s16(const tp_statistics_s16_t *p, const int16_t *samples, int32_t *features) {
  for (int32_t c = 0; c < p->channels; c++) {
    const samples_t axis = {samples + c, p->channels};
    int32_t all[TP_STATISTICS];
    tp_moments(at, &axis, p->length, all);
    for (int32_t i = 0; i < p->count; i++) {
      *features++ = all[p->choice[i]];
    }
  }
}
