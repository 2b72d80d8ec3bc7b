#ifndef TP_DETECT_S32_H
#define TP_DETECT_S32_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

/* memory [5]: what is kept from result to result. */
#define TP_DETECT_RESULTS 0 /* seen so far, up to `least_results` */
#define TP_DETECT_AT 1      /* where the next vote goes */
#define TP_DETECT_LAST 2    /* the label detected last, plus 1; 0: none */
#define TP_DETECT_SINCE 3   /* results since that, up to `refractory` */
#define TP_DETECT_LASTING 4 /* 1 while that label goes on */

/* Elements of a verdict; the last two are there if `novel`. */
#define TP_VERDICT_INDEX 0
#define TP_VERDICT_SCORE 1
#define TP_VERDICT_ACCEPTED 2
#define TP_VERDICT_NEW 3
#define TP_VERDICT_ANOMALY_SCORE 4
#define TP_VERDICT_ANOMALY 5

typedef struct {
  const int32_t *threshold;  /* least score that counts; [labels + novel] */
  const uint8_t *background; /* 1: never new; [labels + novel] */
  int32_t labels;
  int32_t novel;         /* 1: an anomaly's score stands behind those of the labels, and goes before them */
  int32_t window;        /* votes that are looked at */
  int32_t votes;         /* of which so many must be the same */
  int32_t least_results; /* before anything is accepted */
  int32_t refractory;    /* results after a detection within which none is new */
  int32_t per_label;     /* 1: within which only the same label isn't new */
  int32_t repeat;        /* 1: a label that goes on is new again after that */
} tp_detect_s32_t;

/* vote [window], memory [5]: state; score [labels + novel] -> verdict [4 + 2 * novel]. */
void tp_detect_s32(const tp_detect_s32_t *p, uint16_t *vote, int32_t *memory, const int32_t *score, int32_t *verdict);

#ifdef __cplusplus
}
#endif
#endif
