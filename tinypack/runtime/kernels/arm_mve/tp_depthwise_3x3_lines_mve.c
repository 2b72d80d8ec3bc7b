/* Stride 1: a pass makes two outputs of two lines, 36 multiply-accumulates in 19 instructions: 0.5 each. Stride 2:
   four outputs of a line, 36 in 24: 0.7 each. Filling the ring takes 0.5 instructions an element. */
#include "tp_depthwise_3x3_lines_mve.h"

#if defined(TP_MVE)
#pragma GCC diagnostic ignored "-Wunused-parameter" /* of naked functions */

/* Sixteen instructions for four pixels. q6, q7: from r0 and r1 to the next four of either line. */
__attribute__((naked)) void tp_depthwise_3x3_two_lines(const int8_t *a, const int8_t *b, int8_t *ring, int32_t pixels,
                                                       const int32_t *steps) {
  __asm__ volatile(
      "push {r4-r6, lr}\n"
      "vpush {d8-d15}\n"
      "ldr r6, [sp, #80]\n"
      "ldrd r5, r6, [r6]\n"
      "movs r4, #0\n"
      "vidup.u32 q6, r4, #1\n"
      "vmul.i32 q7, q6, r6\n"
      "vmul.i32 q6, q6, r5\n"
      "lsls r5, r5, #2\n"
      "lsls r6, r6, #2\n"

      "1:\n"
      "vld40.8 {q0, q1, q2, q3}, [r2]\n"
      "vld41.8 {q0, q1, q2, q3}, [r2]\n"
      "vld42.8 {q0, q1, q2, q3}, [r2]\n"
      "vld43.8 {q0, q1, q2, q3}, [r2]\n"
      "vctp.32 r3\n"
      "vpstt\n"
      "vldrwt.u32 q4, [r0, q6]\n"
      "vldrwt.u32 q5, [r1, q7]\n"
      "vst40.8 {q2, q3, q4, q5}, [r2]\n"
      "vst41.8 {q2, q3, q4, q5}, [r2]\n"
      "vst42.8 {q2, q3, q4, q5}, [r2]\n"
      "vst43.8 {q2, q3, q4, q5}, [r2]!\n"
      "vadd.i32 q6, q6, r5\n"
      "vadd.i32 q7, q7, r6\n"
      "subs r3, r3, #4\n"
      "bgt 1b\n"

      "vpop {d8-d15}\n"
      "pop {r4-r6, pc}\n");
}

/* Four outputs of a channel, from their sums in r0, r2, r4, r6 to q3's places behind r1.
   r5: bias, r7: multiplier, r8: left shift, r9: zero point. Rounded as tp_requantize does it. */
#define OUTPUTS                    \
  "vmov d0, r0, r2\n"           \
  "vmov d1, r4, r6\n"           \
  "vadd.i32 q0, q0, r5\n"       \
  "vqrdmulh.s32 q0, q0, r7\n"   \
  "vshr.s32 q1, q0, #31\n"      \
  "vadd.i32 q0, q0, q1\n"       \
  "vrshl.s32 q0, r8\n"          \
  "vadd.i32 q0, q0, r9\n"       \
  "vqmovnb.s32 q0, q0\n"        \
  "vqmovnb.s16 q0, q0\n"        \
  "vpst\n"                      \
  "vstrbt.32 q0, [r1, q3]\n"    \
  "add r1, r1, r3\n"

/* On the stack: 0 output of a channel, 4 its ring less 32, 8 and 12 what else is wanted. */
#define BEGIN                          \
  "push {r4-r11, lr}\n"             \
  "vpush {d8-d15}\n"                \
  "sub sp, sp, #20\n"               \
  "mov r10, r0\n"                   \
  "add r12, r0, #32\n"              \
  "mov r11, r1\n"                   \
  "add r1, r1, #(96 - 32)\n"        \
  "strd r2, r1, [sp]\n"             \
  "ldr r9, [r3, #16]\n"             \
  "ldrd r4, r5, [r3]\n"             \
  "movs r6, #0\n"

/* The next channel. r10: its bias, r12: its shift, r11: its taps; q2: its first four words, less 32. */
#define CHANNEL                        \
  "add r11, r11, #24\n"             \
  "ldrd r1, r2, [sp]\n"             \
  "movs r0, #0\n"                   \
  "vidup.u32 q2, r0, #8\n"          \
  "vshl.i32 q2, q2, #1\n"           \
  "vadd.i32 q2, q2, r2\n"           \
  "add r0, r1, #1\n"                \
  "adds r2, r2, #4\n"               \
  "strd r0, r2, [sp]\n"             \
  "ldr r5, [r10], #4\n"             \
  "ldr r7, [r10, #12]\n"            \
  "ldrb r8, [r12], #1\n"            \
  "rsb r8, r8, #0\n"

#define END                            \
  "tst r12, #3\n"                   \
  "bne 1b\n"                        \
  "add sp, sp, #20\n"               \
  "vpop {d8-d15}\n"                 \
  "pop {r4-r11, pc}\n"

/* Two pixels of two lines in 18 instructions. */
#define TWO_PIXELS                     \
  "vldrw.u32 q1, [q2, #32]!\n"      \
  "vmladav.s8 r0, q1, q4\n"         \
  "vmladav.s8 r2, q1, q5\n"         \
  "vmladav.s8 r4, q1, q6\n"         \
  "vmladav.s8 r6, q1, q7\n" OUTPUTS

/* Also on the stack: 8 pairs of pixels, 12 bytes of lanes that are written, 16 of an odd pixel's (0: there is none). */
__attribute__((naked)) void tp_depthwise_3x3_1(const int32_t *block, const tp_depthwise_3x3_scratch_t *scratch,
                                               int8_t *output, const tp_depthwise_3x3_outputs_t *outputs) {
  __asm__ volatile(BEGIN
      "add r7, r4, r5\n"
      "vmov d6, r6, r4\n"
      "vmov d7, r5, r7\n"
      "ldrd r0, r1, [r3, #8]\n"
      "lsl r3, r4, #1\n"
      "movw r2, #0xffff\n"
      "cmp r1, #2\n"
      "it ne\n"
      "movne r2, #0xff\n"
      "lsrs r1, r0, #1\n"
      "strd r1, r2, [sp, #8]\n"
      "bic r2, r2, #0xf0f0f0f0\n"
      "ands r0, r0, #1\n"
      "it eq\n"
      "moveq r2, #0\n"
      "str r2, [sp, #16]\n"

      "1:\n"
      "vldrb.8 q4, [r11, #5]\n"
      "vldrb.8 q5, [r11, #1]\n"
      "vldrb.8 q6, [r11, #4]\n"
      "vldrb.8 q7, [r11]\n" CHANNEL
      "ldrd r2, r0, [sp, #8]\n"
      "vmsr p0, r0\n"
      "wls lr, r2, 3f\n"
      "2:\n" TWO_PIXELS
      "le lr, 2b\n"
      "3:\n"
      "ldr r0, [sp, #16]\n"
      "cbz r0, 4f\n"
      "vmsr p0, r0\n" TWO_PIXELS
      "4:\n" END);
}

/* Also on the stack: 8 pixels. Four pixels in 24 instructions. */
__attribute__((naked)) void tp_depthwise_3x3_2(const int32_t *block, const tp_depthwise_3x3_scratch_t *scratch,
                                               int8_t *output, const tp_depthwise_3x3_outputs_t *outputs) {
  __asm__ volatile(BEGIN
      "add r5, r4, r4\n"
      "add r7, r4, r5\n"
      "vmov d6, r6, r4\n"
      "vmov d7, r5, r7\n"
      "ldr r0, [r3, #8]\n"
      "str r0, [sp, #8]\n"
      "lsl r3, r4, #2\n"

      "1:\n"
      "vldrb.8 q4, [r11, #4]\n" CHANNEL
      "ldr lr, [sp, #8]\n"
      "2:\n"
      "vldrw.u32 q1, [q2, #32]\n"
      "vldrw.u32 q5, [q2, #64]\n"
      "vmladav.s8 r0, q1, q4\n"
      "vldrw.u32 q6, [q2, #96]\n"
      "vmladav.s8 r2, q5, q4\n"
      "vldrw.u32 q7, [q2, #128]!\n"
      "vmladav.s8 r4, q6, q4\n"
      "vmladav.s8 r6, q7, q4\n"
      "vctp.32 lr\n" OUTPUTS
      "subs lr, lr, #4\n"
      "bgt 2b\n" END);
}

#endif
