#ifndef TP_SIGNAL_SQUARE_ROOT_U64_H
#define TP_SIGNAL_SQUARE_ROOT_U64_H

#include "tp_common.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t length;
} tp_signal_square_root_u64_t;

/* input [length], below 2^62; bits [1] -> output [length]: sqrt(input) / 2^bits, the root rounded to nearest (but never
   from below 2^32 to 65536), the quotient down */
void tp_signal_square_root_u64(const tp_signal_square_root_u64_t *p, const uint64_t *input, const int32_t *bits,
                               uint32_t *output);

#ifdef __cplusplus
}
#endif
#endif
