#ifndef TP_SIGNAL_ENERGY_S16_H
#define TP_SIGNAL_ENERGY_S16_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t bins;
  int32_t start; /* the first bin that counts */
  int32_t end;   /* the first one behind those */
} tp_signal_energy_s16_t;

/* input [bins] real and imaginary parts -> output [bins]: squared magnitudes, 0 of bins that don't count */
void tp_signal_energy_s16(const tp_signal_energy_s16_t *p, const int16_t *input, uint32_t *output);

#ifdef __cplusplus
}
#endif
#endif
