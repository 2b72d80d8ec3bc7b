#ifndef TP_ADD_FLAT_S8_H
#define TP_ADD_FLAT_S8_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A sum whose roundings were proven at build time to be those of one linear function, for all 65,536 pairs of inputs. */
typedef struct {
  int32_t elements;
  int32_t factor_1; /* Q29, even; below zero if it is subtracted */
  int32_t factor_2;
  int32_t offset;  /* Q21: zero points and one half */
  int32_t act_min; /* the highest is 127 */
} tp_add_flat_s8_t;

/* Equal shapes: input_1 and input_2 -> output, which may be either input */
void tp_add_flat_s8(const tp_add_flat_s8_t *p, const int8_t *input_1, const int8_t *input_2, int8_t *output);

/* The same of n elements, for kernels that add to what they have just written. */
void tp_add_flat_s8_run(const tp_add_flat_s8_t *p, const int8_t *input_1, const int8_t *input_2, int8_t *output,
                        int32_t n);

#ifdef __cplusplus
}
#endif
#endif
