#ifndef TP_RECONSTRUCTION_S8_H
#define TP_RECONSTRUCTION_S8_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int64_t most; /* sum of errors from which on the score is the cap; 0..2^62 - 1 */
  int64_t cap;
  int32_t drop;         /* low bits of the sum that don't count */
  int32_t multiplier;   /* of (sum >> drop) / 2^shift; 0..2^30 - 1 */
  int32_t shift;        /* 0..62 */
  int32_t input_factor; /* the scales of input and output in a common unit; 0..2^14 */
  int32_t output_factor;
  int32_t input_zero_point;
  int32_t output_zero_point;
  int32_t length;
  int32_t squared; /* 1: squared errors, 0: absolute ones */
} tp_reconstruction_s8_t;

/* input [length], output [length]: of an autoencoder -> score [1]: its error in 1/65536 of the threshold. */
void tp_reconstruction_s8(const tp_reconstruction_s8_t *p, const int8_t *input, const int8_t *output, int32_t *score);

#ifdef __cplusplus
}
#endif
#endif
