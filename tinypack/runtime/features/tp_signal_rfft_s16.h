#ifndef TP_SIGNAL_RFFT_S16_H
#define TP_SIGNAL_RFFT_S16_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const int16_t *twiddle;       /* e^(-4 pi i k / length), Q15, real and imaginary parts; k = 0..3 length / 8 - 1 */
  const int16_t *split_twiddle; /* e^(-pi i (2 k / length + 1 / 2)), the same; k = 1..length / 4 */
  int32_t samples;              /* of the input; zeros follow */
  int32_t length;               /* of the transform: a power of 2, 16..4096 */
} tp_signal_rfft_s16_t;

/* input [samples] -> output [length / 2 + 1] real and imaginary parts of the bins, over the length */
void tp_signal_rfft_s16(const tp_signal_rfft_s16_t *p, const int16_t *input, int16_t *output);

#ifdef __cplusplus
}
#endif
#endif
