/* Two words at a time, in one instruction where there is one: compilers part them. */
#ifndef TP_TWO_WORDS_H
#define TP_TWO_WORDS_H

#include "tp_common.h"
#include "tp_functions.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Load two words, of a complex number or the halves of one of 64 bits, and go on to the next. */
static TP_INLINE void tp_take_s32(const int32_t **z, int32_t *first, int32_t *second) {
#ifdef TP_DSP
  int32_t x, y;
  __asm__("ldrd %0, %1, [%2], #8" : "=&r"(x), "=&r"(y), "+r"(*z) : "m"((*z)[0]), "m"((*z)[1]));
  *first = x;
  *second = y;
#else
  *first = (*z)[0];
  *second = (*z)[1];
  *z += 2;
#endif
}

/* Store two words, and go on to the next. */
static TP_INLINE void tp_give_s32(int32_t **z, int32_t first, int32_t second) {
#ifdef TP_DSP
  __asm__("strd %3, %4, [%0], #8" : "+r"(*z), "=m"((*z)[0]), "=m"((*z)[1]) : "r"(first), "r"(second));
#else
  (*z)[0] = first;
  (*z)[1] = second;
  *z += 2;
#endif
}

#ifdef __cplusplus
}
#endif
#endif
