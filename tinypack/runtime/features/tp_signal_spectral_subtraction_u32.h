#ifndef TP_SIGNAL_SPECTRAL_SUBTRACTION_U32_H
#define TP_SIGNAL_SPECTRAL_SUBTRACTION_U32_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  uint32_t even_take; /* of what is new in channels 0, 2, ...; with what is kept, up to 2^31 */
  uint32_t even_keep; /* of the estimate */
  uint32_t odd_take;  /* the same of channels 1, 3, ... */
  uint32_t odd_keep;
  uint32_t floor; /* what remains of a channel at least */
  int32_t length;
  int32_t bits;           /* fraction of all these, 0..31 */
  int32_t smoothing_bits; /* fraction of the estimate, 0..31 */
  int32_t clamp;          /* 0 or 1: the estimate does not stay above its channel */
} tp_signal_spectral_subtraction_u32_t;

/* state [length], the estimate; input [length] -> output [length]: the input less the estimate; estimate [length]: the
   new state. May be in place. */
void tp_signal_spectral_subtraction_u32(const tp_signal_spectral_subtraction_u32_t *p, uint32_t *state,
                                        const uint32_t *input, uint32_t *output, uint32_t *estimate);

#ifdef __cplusplus
}
#endif
#endif
