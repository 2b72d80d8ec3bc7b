#ifndef TP_DISTANCE_S8_H
#define TP_DISTANCE_S8_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Distance to the nearest of several centres, each feature weighted: K-means and diagonal Gaussian mixtures. */
typedef struct {
  const int16_t *centre;     /* in 1/128 of an input step; [centres * length] */
  const uint16_t *weight;    /* / 2^weight_shift; 0..2^15 - 1; [centres * length] if own_weights, else [length] */
  const uint8_t *weight_shift; /* 7..24, as weight */
  const int64_t *offset;     /* added to the squared distance; 0..2^61; [centres] */
  const int64_t *most;       /* sum from which on the squared score is the cap; 0..2^62 - 1; [centres] */
  const uint8_t *drop;       /* low bits of the sum that don't count; [centres] */
  const int32_t *multiplier; /* of (sum >> drop) / 2^shift; 0..2^30 - 1; [centres] */
  const uint8_t *shift;      /* 0..62; [centres] */
  int64_t cap;               /* of the squared score, in 1/2^32; up to 2^44 */
  int32_t length;
  int32_t centres;
  int32_t own_weights; /* 0 or 1 */
} tp_distance_s8_t;

/* input [length]: features -> score [1]: distance to the nearest centre in 1/65536 of the threshold. */
void tp_distance_s8(const tp_distance_s8_t *p, const int8_t *input, int32_t *score);

#ifdef __cplusplus
}
#endif
#endif
