#ifndef TP_JOIN_S32_H
#define TP_JOIN_S32_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t length; /* of a */
} tp_join_s32_t;

/* a [length], b [1] -> output [length + 1]: b behind a. May be in place of a. */
void tp_join_s32(const tp_join_s32_t *p, const int32_t *a, const int32_t *b, int32_t *output);

#ifdef __cplusplus
}
#endif
#endif
