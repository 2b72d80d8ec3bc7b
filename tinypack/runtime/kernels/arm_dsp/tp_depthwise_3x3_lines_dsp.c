/* Stride 1: a step makes two outputs of two lines, 36 multiply-accumulates in 53 instructions: 1.5 each. Stride 2: one
   output, 9 in 16: 1.8 each. SIGNED outputs take two more. Filling the ring takes 1.5 instructions an element. */
#include "tp_depthwise_3x3_lines_dsp.h"

#if defined(TP_DSP) && !defined(TP_MVE)
#pragma GCC diagnostic ignored "-Wunused-parameter" /* of naked functions */

/* Sixteen pixels in 24 instructions. r0, r1: lines, r2: elements to the next pixel, r3: slot, r4: pairs left,
   lr: padding. On the stack: whether a pixel is left after the pairs. */
__attribute__((naked)) void tp_depthwise_3x3_two_lines(const int8_t *a, const int8_t *b, uint32_t *slot,
                                                       const tp_depthwise_3x3_edges_t *edges) {
  __asm__ volatile(
      "push {r4-r11, lr}\n"
      "mov r12, r3\n"
      "mov r3, r2\n"
      "ldr r2, [r12]\n"
      "ldrd r4, r6, [r12, #4]\n"
      "ldrd r7, lr, [r12, #12]\n"
      "str r7, [sp, #-4]!\n"
      "cbz r6, 1f\n"
      "mov r5, lr\n"
      "mov r9, lr\n"
      "ldr r7, [r0]\n"
      "ldr r11, [r1]\n"
      "add r0, r0, r2\n"
      "add r1, r1, r2\n"
      "add r4, r4, #1\n"
      "b 3f\n"
      "1: cbz r4, 4f\n"

      "2:\n"
      "ldr r5, [r0]\n"
      "ldr r7, [r0, r2]\n"
      "ldr r9, [r1]\n"
      "ldr r11, [r1, r2]\n"
      "add r0, r0, r2, lsl #1\n"
      "add r1, r1, r2, lsl #1\n"
      "3:\n"
      "pkhbt r6, r5, r7, lsl #16\n"
      "pkhtb r8, r7, r5, asr #16\n"
      "pkhbt r10, r9, r11, lsl #16\n"
      "pkhtb r12, r11, r9, asr #16\n"
      "sxtb16 r5, r6\n"
      "sxtb16 r6, r6, ror #8\n"
      "sxtb16 r7, r8\n"
      "sxtb16 r8, r8, ror #8\n"
      "sxtb16 r9, r10\n"
      "sxtb16 r10, r10, ror #8\n"
      "sxtb16 r11, r12\n"
      "sxtb16 r12, r12, ror #8\n"
      "subs r4, r4, #1\n"
      "strd r6, r10, [r3, #16]\n"
      "strd r7, r11, [r3, #32]\n"
      "strd r8, r12, [r3, #48]\n"
      "strd r5, r9, [r3], #64\n"
      "bne 2b\n"

      "4: ldr r5, [sp]\n"
      "cbz r5, 5f\n"
      "str r4, [sp]\n"
      "mov r4, #1\n"
      "ldr r5, [r0]\n"
      "ldr r9, [r1]\n"
      "mov r7, lr\n"
      "mov r11, lr\n"
      "b 3b\n"
      "5: add sp, sp, #4\n"
      "pop {r4-r11, pc}\n");
}

/* Twice a sum becomes an output: `m` multiplier, `k` offset. Rounded as tp_requantize; SIGNED: what is negative moves
   one down, so that its ties round away from zero, which is no matter where it is clamped to zero. */
#define SIGNED(x, m, k)                \
  "smmulr " x ", " x ", " m "\n"       \
  "add " x ", " x ", " x ", asr #31\n" \
  "add " x ", " x ", " k "\n"
#define POSITIVE(x, m, k) "smmlar " x ", " x ", " m ", " k "\n"

/* Of a filter row: outputs of a line that begin at these two pixels, x, and those that end at them. */
#define BEGIN(x, w, acc_0, acc_1)                      \
  "smlad " acc_0 ", " x ", " w ", " acc_0 "\n" \
  "smlatb " acc_1 ", " x ", " w ", " acc_1 "\n"
#define END(x, w, acc_0, acc_1)                        \
  "smlabt " acc_0 ", " x ", " w ", " acc_0 "\n" \
  "smlad " acc_1 ", " x ", " w ", " acc_1 "\n"

/* Four outputs, 36 multiply-accumulates, in 53 instructions (SIGNED: 61). r0-r3: two pixels of four lines,
   r4, r5: sums of the first line, r6, r7: of the second, r8, r9: weights, multiplier and offset, r10: ring,
   r11: output, r12: control, lr: channel. On the stack: ring, output, to the second line, odd, end of the channels. */
#define STRIDE_1(NAME, FINISH)                                                                                    \
  __attribute__((naked)) void NAME(const tp_depthwise_3x3_channel_t *channels, uint32_t *ring, int8_t *output,    \
                                   int32_t second, int32_t odd) {                                                 \
    __asm__ volatile(                                                                                             \
        "push {r4-r11, lr}\n"                                                                                     \
        "mov lr, r0\n"                                                                                            \
        "ldr r4, [sp, #36]\n"                                                                                     \
        "add r5, r0, #160\n"                                                                                      \
        "push {r1-r5}\n"                                                                                          \
        "1:\n"                                                                                                    \
        "ldrd r10, r11, [sp]\n"                                                                                   \
        "ldr r12, [lr, #36]\n"                                                                                    \
        "add r8, r10, #16\n"                                                                                      \
        "add r9, r11, #1\n"                                                                                       \
        "strd r8, r9, [sp]\n"                                                                                     \
        "ldm r10, {r0-r3}\n"                                                                                      \
        "strd r2, r3, [r10], #64\n"                                                                               \
        "2:\n"                                                                                                    \
        "ldr r4, [lr, #32]\n"                                                                                     \
        "ldrd r8, r9, [lr, #12]\n"                                                                                \
        "smlatb r5, r0, r8, r4\n"                                                                                 \
        "smlad r6, r1, r8, r4\n"                                                                                  \
        "smlatb r7, r1, r8, r4\n"                                                                                 \
        "smlad r4, r0, r8, r4\n"                                                                                  \
        "ldr r8, [lr, #20]\n"                                                                                     \
        BEGIN("r1", "r9", "r4", "r5") BEGIN("r2", "r9", "r6", "r7")                                               \
        BEGIN("r2", "r8", "r4", "r5") BEGIN("r3", "r8", "r6", "r7")                                               \
        "ldm r10, {r0-r3}\n"                                                                                      \
        "strd r2, r3, [r10], #64\n"                                                                               \
        "ldrd r8, r9, [lr]\n"                                                                                     \
        END("r0", "r8", "r4", "r5") END("r1", "r8", "r6", "r7")                                                   \
        "ldr r8, [lr, #8]\n"                                                                                      \
        END("r1", "r9", "r4", "r5") END("r2", "r9", "r6", "r7")                                                   \
        END("r2", "r8", "r4", "r5") END("r3", "r8", "r6", "r7")                                                   \
        "ldrd r8, r9, [lr, #24]\n"                                                                                \
        FINISH("r4", "r8", "r9") FINISH("r5", "r8", "r9") FINISH("r6", "r8", "r9") FINISH("r7", "r8", "r9")       \
        "ldr r8, [sp, #8]\n"                                                                                      \
        "asr r4, r4, r12\n"                                                                                       \
        "asr r5, r5, r12\n"                                                                                       \
        "asr r6, r6, r12\n"                                                                                       \
        "asr r7, r7, r12\n"                                                                                       \
        "ssat r4, #8, r4\n"                                                                                       \
        "ssat r5, #8, r5\n"                                                                                       \
        "ssat r6, #8, r6\n"                                                                                       \
        "ssat r7, #8, r7\n"                                                                                       \
        "uxtah r9, r11, r12, ror #8\n" /* what does not exist is written first, where another follows */          \
        "strb r7, [r9, r8]\n"                                                                                     \
        "strb r5, [r9]\n"                                                                                         \
        "strb r6, [r11, r8]\n"                                                                                    \
        "strb r4, [r11]\n"                                                                                        \
        "uxtah r11, r9, r12, ror #8\n"                                                                            \
        "subs r12, r12, #0x1000000\n"                                                                             \
        "bcs 2b\n"                                                                                                \
        "ldr r4, [sp, #12]\n"                                                                                     \
        "cbz r4, 3f\n"                                                                                            \
        "ubfx r4, r12, #8, #16\n"                                                                                 \
        "and r12, r12, #255\n" /* the odd pixel is a pair that goes no further */                                 \
        "cmp r4, #0\n"                                                                                            \
        "bne 2b\n"                                                                                                \
        "3:\n"                                                                                                    \
        "ldr r4, [sp, #16]\n"                                                                                     \
        "add lr, lr, #40\n"                                                                                       \
        "cmp lr, r4\n"                                                                                            \
        "bne 1b\n"                                                                                                \
        "add sp, sp, #20\n"                                                                                       \
        "pop {r4-r11, pc}\n");                                                                                    \
  }

/* One output, 9 multiply-accumulates, in 16 instructions (SIGNED: 18). r0-r2: two pixels of three lines, r3-r5: weights
   0 and 1, r6: weights 2 of the first two filter rows, r7: of the third, r8: multiplier, r9: offset, r10: ring,
   r11: output, r12: control, lr: sum. On the stack: ring, output, bias, channel, end of the channels. */
#define STRIDE_2(NAME, FINISH)                                                                                  \
  __attribute__((naked)) void NAME(const tp_depthwise_3x3_channel_t *channels, uint32_t *ring, int8_t *output,  \
                                   int32_t second, int32_t odd) {                                               \
    __asm__ volatile(                                                                                           \
        "push {r4-r11, lr}\n"                                                                                   \
        "mov r4, r0\n"                                                                                          \
        "add r5, r0, #160\n"                                                                                    \
        "add r1, r1, #4\n"                                                                                      \
        "push {r1-r5}\n"                                                                                        \
        "1:\n"                                                                                                  \
        "ldr lr, [sp, #12]\n"                                                                                   \
        "ldmia lr!, {r0-r5}\n"                                                                                  \
        "ldmia lr!, {r8, r9, r10, r12}\n"                                                                       \
        "strd r10, lr, [sp, #8]\n"                                                                              \
        "pkhtb r6, r1, r0, asr #16\n"                                                                           \
        "mov r7, r2\n"                                                                                          \
        "ldrd r10, r11, [sp]\n"                                                                                 \
        "add r0, r10, #16\n"                                                                                    \
        "add r1, r11, #1\n"                                                                                     \
        "strd r0, r1, [sp]\n"                                                                                   \
        "ldm r10, {r0-r2}\n"                                                                                    \
        "str r2, [r10], #64\n"                                                                                  \
        "2:\n"                                                                                                  \
        "ldr lr, [sp, #8]\n"                                                                                    \
        "smlad lr, r0, r3, lr\n"                                                                                \
        "smlad lr, r1, r4, lr\n"                                                                                \
        "smlad lr, r2, r5, lr\n"                                                                                \
        "ldm r10, {r0-r2}\n"                                                                                    \
        "str r2, [r10], #64\n"                                                                                  \
        "smlabb lr, r0, r6, lr\n"                                                                               \
        "smlabt lr, r1, r6, lr\n"                                                                               \
        "smlabt lr, r2, r7, lr\n"                                                                               \
        FINISH("lr", "r8", "r9")                                                                                \
        "asr lr, lr, r12\n"                                                                                     \
        "ssat lr, #8, lr\n"                                                                                     \
        "strb lr, [r11]\n"                                                                                      \
        "uxtah r11, r11, r12, ror #8\n"                                                                         \
        "subs r12, r12, #0x1000000\n"                                                                           \
        "bcs 2b\n"                                                                                              \
        "ldrd r4, r5, [sp, #12]\n"                                                                              \
        "cmp r4, r5\n"                                                                                          \
        "bne 1b\n"                                                                                              \
        "add sp, sp, #20\n"                                                                                     \
        "pop {r4-r11, pc}\n");                                                                                  \
  }

STRIDE_1(tp_depthwise_3x3_1, SIGNED)
STRIDE_1(tp_depthwise_3x3_1_positive, POSITIVE)
STRIDE_2(tp_depthwise_3x3_2, SIGNED)
STRIDE_2(tp_depthwise_3x3_2_positive, POSITIVE)

#endif
