/* Linear sums by MVE: 41 instructions for sixteen elements. */
#ifndef TP_ADD_FLAT_MVE_H
#define TP_ADD_FLAT_MVE_H

#include "tp_common.h"

#if defined(TP_MVE)
#ifdef __cplusplus
extern "C" {
#endif

/* Words `a` and `b`, each a byte at the top, become offset + (factor_1 * a >> 8) + (factor_2 * b >> 8) in `a`: twice the
   upper half of a product with half a factor. */
#define TP_LINEAR_SUM(a, b)              \
  "vqdmulh.s32 " a ", " a ", %[f_1]\n"   \
  "vqdmulh.s32 " b ", " b ", %[f_2]\n"   \
  "vadd.i32 " a ", " a ", %[c]\n"        \
  "vadd.i32 " a ", " a ", " b "\n"

/* Elements 0, 4, ... of the sums take turns with 2, 6, ... in q5, and 1, 5, ... with 3, 7, ... in q3. Q21 becomes int8
   by 16 bits, by 5, and saturated. (vqshrn would save two instructions, but binutils 2.40 writes vqrshrn for it, which
   rounds.) blocks: of 16 elements, not 0 */
static inline void tp_add_flat_sixteens(int32_t factor_1, int32_t factor_2, int32_t offset, const int8_t *input_1,
                                        const int8_t *input_2, int8_t *output, int32_t blocks,
                                        int32_t lowest) {
  __asm__ volatile(
      "vdup.8 q6, %[lowest]\n"
      "dls lr, %[blocks]\n"
      "1: vldrb.8 q0, [%[from_1]], #16\n"
      "vldrb.8 q1, [%[from_2]], #16\n"
      "vshllb.s8 q2, q0, #8\n"
      "vshllb.s8 q3, q1, #8\n"
      "vshllt.s8 q0, q0, #8\n"
      "vshllt.s8 q1, q1, #8\n"
      "vshllb.s16 q4, q2, #16\n"
      "vshllb.s16 q5, q3, #16\n"
      TP_LINEAR_SUM("q4", "q5")
      "vshllt.s16 q2, q2, #16\n"
      "vshllt.s16 q3, q3, #16\n"
      TP_LINEAR_SUM("q2", "q3")
      "vshrnb.i32 q5, q4, #16\n"
      "vshrnt.i32 q5, q2, #16\n"
      "vshllb.s16 q2, q0, #16\n"
      "vshllb.s16 q3, q1, #16\n"
      TP_LINEAR_SUM("q2", "q3")
      "vshllt.s16 q0, q0, #16\n"
      "vshllt.s16 q1, q1, #16\n"
      TP_LINEAR_SUM("q0", "q1")
      "vshrnb.i32 q3, q2, #16\n"
      "vshrnt.i32 q3, q0, #16\n"
      "vshr.s16 q5, q5, #5\n"
      "vshr.s16 q3, q3, #5\n"
      "vqmovnb.s16 q4, q5\n"
      "vqmovnt.s16 q4, q3\n"
      "vmax.s8 q4, q4, q6\n"
      "vstrb.8 q4, [%[to]], #16\n"
      "le lr, 1b\n"
      : [from_1] "+&r"(input_1), [from_2] "+&r"(input_2), [to] "+&r"(output)
      : [f_1] "r"(factor_1 / 2), [f_2] "r"(factor_2 / 2), [c] "r"(offset), [blocks] "r"(blocks),
        [lowest] "r"(lowest)
      : "q0", "q1", "q2", "q3", "q4", "q5", "q6", "lr", "memory");
}

#ifdef __cplusplus
}
#endif
#endif
#endif
