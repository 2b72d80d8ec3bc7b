#ifndef TP_WINDOW_S16_H
#define TP_WINDOW_S16_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const int32_t *window; /* Q31, [frame]; NULL: all ones */
  int32_t frame;
  int32_t length; /* of the output, >= frame: the rest is zeros */
} tp_window_s16_t;

/* input [frame] -> output [length] within -2^28..2^28 - 1, as large as the loudest sample allows, times 2^exponent */
void tp_window_s16(const tp_window_s16_t *p, const int16_t *input, int32_t *output, int32_t *exponent);

#ifdef __cplusplus
}
#endif
#endif
