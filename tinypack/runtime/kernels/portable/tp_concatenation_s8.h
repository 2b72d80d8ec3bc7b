#ifndef TP_CONCATENATION_S8_H
#define TP_CONCATENATION_S8_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t rows;
  int32_t in_row;  /* elements of a row of the input */
  int32_t out_row; /* elements of a row of the output */
  int32_t offset;  /* of the input's rows in the output's */
} tp_concatenation_s8_t;

/* input [rows, in_row] -> its part of output [rows, out_row] */
void tp_concatenation_s8(const tp_concatenation_s8_t *p, const int8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif
#endif
