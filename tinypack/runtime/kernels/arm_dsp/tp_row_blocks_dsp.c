/* Row blocks: a pass takes eight taps of four output channels and two columns, 64 multiply-accumulates in 51
   instructions: 0.8 each. An output takes 10 besides. */
#include "tp_row_blocks.h"

#if defined(TP_DSP) && !defined(TP_MVE)
#include "tp_row_results_dsp.h"

/* Sixteen multiply-accumulates in 12 instructions, 16 cycles on a Cortex-M4: two taps of four output channels and two
   columns. r0: weights, r1: columns, r2-r5 and r6-r9: sums of the first and second column: AB, B, CD, D. */
#define TWO_TAPS_FROM(ab, b, cd, d)     \
  "ldrd r10, r11, [r1], #8\n"           \
  "ldrd r12, lr, [r0], #8\n"            \
  "smlad r6, r11, r12, " ab "\n"        \
  "smlad r2, r10, r12, r2\n"            \
  "sxtb16 r12, r12\n"                   \
  "smlad r8, r11, lr, " cd "\n"         \
  "smlad r4, r10, lr, r4\n"             \
  "sxtb16 lr, lr\n"                     \
  "smlad r7, r11, r12, " b "\n"         \
  "smlad r3, r10, r12, r3\n"            \
  "smlad r9, r11, lr, " d "\n"          \
  "smlad r5, r10, lr, r5\n"
#define TWO_TAPS TWO_TAPS_FROM("r6", "r7", "r8", "r9")

#define TWICE_ALL                                         \
  TP_TWICE_UPPER("r2", "r3") TP_TWICE_UPPER("r6", "r7")   \
  TP_TWICE_UPPER("r4", "r5") TP_TWICE_UPPER("r8", "r9")   \
  TP_TWICE_LOWER("r3") TP_TWICE_LOWER("r7") TP_TWICE_LOWER("r5") TP_TWICE_LOWER("r9")

/* On the stack: 0 columns, 4 their end, 8 output, 12 from there to the second column's (0: it is overwritten by the
   first's), 16 2 * zero point + 1, 20 end of the output. Besides the taps a block takes 79 instructions, 10 an output, or
   67 where the zero point is -128. */
__attribute__((naked)) void tp_row_blocks(const int32_t *rows, const tp_column_t *columns, int32_t taps,
                                          int32_t out_depth, int32_t zero_point, int8_t *output, int32_t count) {
  __asm__ volatile(
      "push {r4-r11, lr}\n"
      "ldrd r4, r5, [sp, #36]\n"
      "ldr r6, [sp, #44]\n"
      "sub sp, sp, #24\n"
      "add r7, r1, r2, lsl #2\n"
      "strd r1, r7, [sp]\n"
      "subs r6, r6, #1\n"
      "it ne\n"
      "movne r6, r3\n"
      "strd r5, r6, [sp, #8]\n"
      "lsl r4, r4, #1\n"
      "add r4, r4, #1\n"
      "add r5, r5, r3\n"
      "strd r4, r5, [sp, #16]\n"

      "1:\n"
      "ldmia r0!, {r2-r5}\n"
      "ldr r1, [sp]\n"
      TWO_TAPS_FROM("r2", "r3", "r4", "r5") /* both columns begin with the same sums */
      "b 3f\n"
      "2:\n" TWO_TAPS
      "3:\n" TWO_TAPS TWO_TAPS TWO_TAPS
      "ldr r10, [sp, #4]\n"
      "cmp r1, r10\n"
      "bne 2b\n"

      "ldr r12, [sp, #16]\n" TWICE_ALL
      "cmn r12, #255\n"
      "beq 5f\n" TP_ALL_OUTPUTS("", TP_OUTPUT)
      "b 6f\n"
      "5:\n" TP_ALL_OUTPUTS(TP_SHIFTED_ZERO_POINT, TP_OUTPUT_ABOVE)
      "6:\n"
      "add r0, r0, #4\n"

      "ldrd r1, r10, [sp, #8]\n"
      "ldr r11, [sp, #20]\n" TP_FOUR_BYTES("r6", "r7", "r8", "r9") TP_FOUR_BYTES("r2", "r3", "r4", "r5")
      "str r6, [r1, r10]\n"
      "str r2, [r1], #4\n"
      "str r1, [sp, #8]\n"
      "cmp r1, r11\n"
      "bne 1b\n"

      "add sp, sp, #24\n"
      "pop {r4-r11, pc}\n");
}

#endif
