#ifndef TP_RFFT_S32_H
#define TP_RFFT_S32_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const int32_t *twiddle;     /* cos and sin of 2 pi k / length, Q30; k = 0..length / 4 */
  const int32_t *twiddle_2_3; /* cos and sin of twice and of three times 4 pi k / length, Q30; k = 0..length / 8 - 1 */
  int32_t length;             /* of the input, N: a power of 2, 16..4096 */
} tp_rfft_s32_t;

/* input [N], within -2^28..2^28 - 1, times 2^exponent -> output [N / 2 + 1] real and imaginary parts of the sums of
   x[n] e^(-2 pi i k n / N), times 2^output_exponent, magnitudes below 2^30.6. May be in place, given room for N + 2. */
void tp_rfft_s32(const tp_rfft_s32_t *p, const int32_t *input, const int32_t *exponent, int32_t *output,
                 int32_t *output_exponent);

#ifdef __cplusplus
}
#endif
#endif
