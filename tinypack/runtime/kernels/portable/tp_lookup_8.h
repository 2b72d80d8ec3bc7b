#ifndef TP_LOOKUP_8_H
#define TP_LOOKUP_8_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const uint8_t *table; /* [256], by the input's byte: -1 is 255 */
  int32_t elements;
} tp_lookup_8_t;

/* input [elements] -> output [elements], each int8 or uint8; output may be input */
void tp_lookup_8(const tp_lookup_8_t *p, const void *input, void *output);

#ifdef __cplusplus
}
#endif
#endif
