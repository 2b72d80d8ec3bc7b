#ifndef TP_STATISTICS_S16_H
#define TP_STATISTICS_S16_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const uint8_t *choice; /* [count], of the enumeration in tp_moments.h */
  int32_t count;
  int32_t channels;
  int32_t length; /* of the window: 2..8192 */
} tp_statistics_s16_t;

/* samples [length, channels] -> features [channels, count]: those in the samples' unit are Q10. */
void tp_statistics_s16(const tp_statistics_s16_t *p, const int16_t *samples, int32_t *features);

#ifdef __cplusplus
}
#endif
#endif
