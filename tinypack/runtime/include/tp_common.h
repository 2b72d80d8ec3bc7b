/* What every kernel shares: types and the instruction set variant that the compiler's macros choose. */
#ifndef TP_COMMON_H
#define TP_COMMON_H

#include <stddef.h>
#include <stdint.h>

#define TP_KERNEL_VARIANT "portable"

#ifdef __cplusplus
extern "C" {
#endif

static inline int32_t tp_clamp(int32_t x, int32_t lowest, int32_t highest) {
  return x < lowest ? lowest : x > highest ? highest : x;
}

#ifdef __cplusplus
}
#endif
#endif
