/* F(2,3): a pass takes eight input channels of four output channels and two tiles, 64 products in 47 instructions. They
   stand for 96 multiply-accumulates of a direct convolution: 0.5 each. */
#include "tp_winograd_block_dsp.h"

#if defined(TP_DSP) && !defined(TP_MVE)
#include "tp_row_results_dsp.h"

#pragma GCC diagnostic ignored "-Woverlength-strings" /* 4095 characters are what C99 promises */

/* Sixteen multiply-accumulates in 11 instructions, 17 cycles on a Cortex-M4, for 24 of a direct convolution: two taps of
   four output channels and two tiles. r0: weights, r1: inputs, r2-r5 and r6-r9: sums of the first and second tile. */
#define TWO_TAPS_BY(mla, a, b, c, d)        \
  "ldrd r10, r11, [r1], #32\n"              \
  "ldrd r12, lr, [r0], #8\n"                \
  mla " r6, r11, r12" a "\n"                \
  mla " r2, r10, r12" a "\n"                \
  mla " r7, r11, lr" b "\n"                 \
  mla " r3, r10, lr" b "\n"                 \
  "ldrd r12, lr, [r0], #8\n"                \
  mla " r8, r11, r12" c "\n"                \
  mla " r4, r10, r12" c "\n"                \
  mla " r9, r11, lr" d "\n"                 \
  mla " r5, r10, lr" d "\n"
#define TWO_TAPS                   \
  "ldrd r10, r11, [r1], #32\n"     \
  "ldrd r12, lr, [r0], #8\n"       \
  "smlad r6, r11, r12, r6\n"       \
  "smlad r2, r10, r12, r2\n"       \
  "smlad r7, r11, lr, r7\n"        \
  "smlad r3, r10, lr, r3\n"        \
  "ldrd r12, lr, [r0], #8\n"       \
  "smlad r8, r11, r12, r8\n"       \
  "smlad r4, r10, r12, r4\n"       \
  "smlad r9, r11, lr, r9\n"        \
  "smlad r5, r10, lr, r5\n"

/* The next product's inputs: r1 and their end. */
#define NEXT_PRODUCT         \
  "ldrd r10, r1, [sp]\n"     \
  "add r11, r1, #8\n"        \
  "sub r1, r1, r10\n"        \
  "str r11, [sp, #4]\n"

#define UNTIL_END(loop)      \
  "ldr r10, [sp, #4]\n"      \
  "cmp r1, r10\n"            \
  "bne " loop "\n"

/* m1 + m2 stays, m1 - m2 goes where m1 was. */
#define SUMS(at, x, y)               \
  "ldrd r10, r11, [sp, #" at "]\n"   \
  "sub r10, r10, " x "\n"            \
  "sub r11, r11, " y "\n"            \
  "add " x ", r10, " x ", lsl #1\n"  \
  "add " y ", r11, " y ", lsl #1\n"  \
  "strd r10, r11, [sp, #" at "]\n"

/* On the stack: 0 bytes of inputs less those from one product to the next, 4 end of a product's inputs, 8 output,
   12 out_depth, 16 2 * zero point + 1, 20 end of the output, 24 sums for the second output, 56 1: they are next. */
__attribute__((naked)) void tp_winograd_block(const int32_t *rows, const int32_t *inputs, int32_t pairs,
                                              int32_t out_depth, int32_t zero_point, int8_t *output,
                                              int32_t channels) {
  __asm__ volatile(
      "push {r4-r11, lr}\n"
      "ldrd r4, r5, [sp, #36]\n"
      "ldr r6, [sp, #44]\n"
      "sub sp, sp, #60\n"
      "lsl r2, r2, #5\n"
      "sub r2, r2, #8\n"
      "add r1, r1, r2\n"
      "strd r2, r1, [sp]\n"
      "strd r5, r3, [sp, #8]\n"
      "lsl r4, r4, #1\n"
      "add r4, r4, #1\n"
      "add r6, r6, r5\n"
      "strd r4, r6, [sp, #16]\n"
      "mov r4, #0\n"
      "str r4, [sp, #56]\n"

      "1:\n" NEXT_PRODUCT
      "ldmia r0!, {r2-r5}\n"
      TWO_TAPS_BY("smlad", ", r2", ", r3", ", r4", ", r5") /* both tiles begin with the same sums */
      "b 3f\n"
      "2:\n" TWO_TAPS
      "3:\n" TWO_TAPS TWO_TAPS TWO_TAPS UNTIL_END("2b")
      "add r10, sp, #24\n"
      "stmia r10, {r2-r9}\n"

      NEXT_PRODUCT TWO_TAPS_BY("smuad", "", "", "", "")
      "b 5f\n"
      "4:\n" TWO_TAPS
      "5:\n" TWO_TAPS TWO_TAPS TWO_TAPS UNTIL_END("4b")
      SUMS("24", "r2", "r3") SUMS("32", "r4", "r5") SUMS("40", "r6", "r7") SUMS("48", "r8", "r9")

      "6:\n" NEXT_PRODUCT
      "7:\n" TWO_TAPS TWO_TAPS TWO_TAPS TWO_TAPS UNTIL_END("7b")
      "ldr r12, [sp, #16]\n"
      "cmn r12, #255\n"
      "beq 8f\n" TP_ALL_OUTPUTS("", TP_OUTPUT)
      "b 9f\n"
      "8:\n" TP_ALL_OUTPUTS(TP_SHIFTED_ZERO_POINT, TP_OUTPUT_ABOVE)
      "9:\n"
      "add r0, r0, #4\n"
      "ldrd r1, r10, [sp, #8]\n" TP_FOUR_BYTES("r6", "r7", "r8", "r9") TP_FOUR_BYTES("r2", "r3", "r4", "r5")
      "str r6, [r1, r10, lsl #1]\n"
      "str r2, [r1]\n"
      "add r1, r1, r10\n"
      "ldr r12, [sp, #56]\n"
      "eors r12, r12, #1\n"
      "str r12, [sp, #56]\n"
      "beq 10f\n"
      "str r1, [sp, #8]\n"
      "add r10, sp, #24\n"
      "ldmia r10, {r2-r9}\n"
      "b 6b\n"

      "10:\n"
      "sub r1, r1, r10, lsl #1\n"
      "add r1, r1, #4\n"
      "str r1, [sp, #8]\n"
      "ldr r11, [sp, #4]\n"
      "sub r11, r11, #32\n"
      "str r11, [sp, #4]\n"
      "ldr r11, [sp, #20]\n"
      "cmp r1, r11\n"
      "bne 1b\n"

      "add sp, sp, #60\n"
      "pop {r4-r11, pc}\n");
}

#endif
