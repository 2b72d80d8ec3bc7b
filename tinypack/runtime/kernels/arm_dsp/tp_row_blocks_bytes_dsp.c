/* Row blocks of a single column: a pass takes eight taps of four output channels, 32 multiply-accumulates in 34
   instructions: 1.1 each. An output takes 12 besides. */
#include "tp_row_blocks_bytes.h"

#if defined(TP_DSP) && !defined(TP_MVE)
#include "tp_row_results_dsp.h"

/* Sixteen multiply-accumulates in 16 instructions, 21 cycles on a Cortex-M4: four taps of four output channels.
   r0: weights, r1: input, r2-r5: sums AB, B, CD, D. */
#define FOUR_TAPS                \
  "ldr r6, [r1], #4\n"           \
  "ldmia r0!, {r8-r11}\n"        \
  "sxtb16 r7, r6, ror #8\n"      \
  "sxtb16 r6, r6\n"              \
  "smlad r2, r6, r8, r2\n"       \
  "smlad r4, r6, r9, r4\n"       \
  "sxtb16 r8, r8\n"              \
  "sxtb16 r9, r9\n"              \
  "smlad r3, r6, r8, r3\n"       \
  "smlad r5, r6, r9, r5\n"       \
  "smlad r2, r7, r10, r2\n"      \
  "smlad r4, r7, r11, r4\n"      \
  "sxtb16 r10, r10\n"            \
  "sxtb16 r11, r11\n"            \
  "smlad r3, r7, r10, r3\n"      \
  "smlad r5, r7, r11, r5\n"

/* On the stack: 0 input, 4 its end, 8 output, 12 its end, 16 2 * zero point + 1. Besides the taps a block takes 47
   instructions, 12 an output. */
__attribute__((naked)) void tp_row_blocks_bytes(const int32_t *rows, const int8_t *input, int32_t taps,
                                                int32_t out_depth, int32_t zero_point, int8_t *output) {
  __asm__ volatile(
      "push {r4-r11, lr}\n"
      "ldrd r4, r5, [sp, #36]\n"
      "sub sp, sp, #20\n"
      "lsl r4, r4, #1\n"
      "add r4, r4, #1\n"
      "str r4, [sp, #16]\n"
      "add r7, r1, r2\n"
      "strd r1, r7, [sp]\n"
      "add r6, r5, r3\n"
      "strd r5, r6, [sp, #8]\n"

      "1:\n"
      "ldmia r0!, {r2-r5}\n"
      "ldrd r1, lr, [sp]\n"
      "2:\n" FOUR_TAPS FOUR_TAPS
      "cmp r1, lr\n"
      "bne 2b\n"

      "ldr r12, [sp, #16]\n"
      "ldmia r0!, {r6-r9}\n"
      "ldrb r1, [r0]\n" TP_TWICE_UPPER("r2", "r3") TP_OUTPUT("r2", "r6")
      "ldrb r1, [r0, #1]\n" TP_TWICE_LOWER("r3") TP_OUTPUT("r3", "r7")
      "ldrb r1, [r0, #2]\n" TP_TWICE_UPPER("r4", "r5") TP_OUTPUT("r4", "r8")
      "ldrb r1, [r0, #3]\n" TP_TWICE_LOWER("r5") TP_OUTPUT("r5", "r9")
      "add r0, r0, #4\n"

      "ldrd r1, r10, [sp, #8]\n" TP_FOUR_BYTES("r2", "r3", "r4", "r5")
      "str r2, [r1], #4\n"
      "str r1, [sp, #8]\n"
      "cmp r1, r10\n"
      "bne 1b\n"

      "add sp, sp, #20\n"
      "pop {r4-r11, pc}\n");
}

#endif
