#ifndef TP_SIGNAL_FFT_AUTO_SCALE_S16_H
#define TP_SIGNAL_FFT_AUTO_SCALE_S16_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t length;
} tp_signal_fft_auto_scale_s16_t;

/* input [length] -> output [length]: input * 2^bits, its lower 16 bits; bits [1]: as many as the largest magnitude
   leaves free. May be in place. */
void tp_signal_fft_auto_scale_s16(const tp_signal_fft_auto_scale_s16_t *p, const int16_t *input, int16_t *output,
                                  int32_t *bits);

#ifdef __cplusplus
}
#endif
#endif
