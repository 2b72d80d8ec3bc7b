#ifndef TP_SMOOTH_U32_H
#define TP_SMOOTH_U32_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t window; /* scores that the mean is over; their sum stays below 2^32 */
} tp_smooth_u32_t;

/* ring [window], sum [1], progress [2]: state; score [1] >= 0 -> mean [1]: of the last scores, or as many as there are;
   rounded down. May be in place. */
void tp_smooth_u32(const tp_smooth_u32_t *p, uint32_t *ring, uint32_t *sum, int32_t *progress, const int32_t *score,
                   int32_t *mean);

#ifdef __cplusplus
}
#endif
#endif
