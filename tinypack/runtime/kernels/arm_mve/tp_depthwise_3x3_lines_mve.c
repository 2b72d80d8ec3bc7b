/* Stride 1: a step makes four outputs of two lines, 72 multiply-accumulates in 40 instructions: 0.6 each. Stride 2:
   four outputs, 36 in 24: 0.7 each. Filling the ring takes half an instruction an element. */
#include "tp_depthwise_3x3_lines_mve.h"

#if defined(TP_MVE)
#pragma GCC diagnostic ignored "-Wunused-parameter" /* of naked functions */

/* Sixteen pixels in 8 instructions. */
__attribute__((naked)) void tp_depthwise_3x3_two_lines(const int8_t *a, const int8_t *b, int32_t pixel, int8_t *slot,
                                                       int32_t n) {
  __asm__ volatile(
      "push {r4, lr}\n"
      "ldr r12, [sp, #8]\n"
      "mov r4, #0\n"
      "vidup.u16 q0, r4, #1\n"
      "vshl.i16 q1, q0, #2\n"
      "vmul.i16 q0, q0, r2\n"
      "lsl r2, r2, #3\n"
      "wlstp.16 lr, r12, 2f\n"
      "1:\n"
      "vldrb.u16 q2, [r0, q0]\n"
      "vldrb.u16 q3, [r1, q0]\n"
      "vsli.16 q2, q3, #8\n"
      "add r0, r0, r2\n"
      "add r1, r1, r2\n"
      "vstrh.16 q2, [r3, q1]\n"
      "add r3, r3, #32\n"
      "letp lr, 1b\n"
      "2: pop {r4, pc}\n");
}

__attribute__((naked)) void tp_depthwise_3x3_blank(int8_t *slot, int32_t value, int32_t n) {
  __asm__ volatile(
      "push {r4, lr}\n"
      "mov r4, #0\n"
      "vidup.u16 q0, r4, #4\n"
      "vdup.16 q1, r1\n"
      "wlstp.16 lr, r2, 2f\n"
      "1:\n"
      "vstrb.16 q1, [r0, q0]\n"
      "add r0, r0, #32\n"
      "letp lr, 1b\n"
      "2: pop {r4, pc}\n");
}

/* r0: channel, r1: ring, r12: outputs. q1: weights of lines that begin in slot 0, or 2; q2: in slot 1, or 3; q5: where
   four outputs lie; q6, q7: their limits. r7: multiplier, r8: bias, r9: offset, r10: elements to the next four,
   r11: shift, r12: outputs left. */
#define BEGIN                                 \
  "push {r4-r11, lr}\n"                    \
  "vpush {d8-d15}\n"                       \
  "vldrw.32 q1, [r0]\n"                    \
  "vrev32.16 q2, q1\n"                     \
  "vstrw.32 q2, [r0]\n"                    \
  "vshl.i32 q2, q1, #8\n"                  \
  "vsri.32 q2, q1, #24\n"                  \
  "ldrd r7, r9, [r0, #16]\n"               \
  "ldrd r11, r8, [r0, #24]\n"              \
  "ldrd r4, r6, [r12, #8]\n"               \
  "vdup.32 q6, r4\n"                       \
  "vdup.32 q7, r6\n"                       \
  "ldrd r10, r12, [r12]\n"                 \
  "mov r4, #0\n"                           \
  "lsl r6, r10, #1\n"                      \
  "vmov q5[2], q5[0], r4, r6\n"            \
  "add r6, r6, r10\n"                      \
  "vmov q5[3], q5[1], r10, r6\n"           \
  "lsl r10, r10, #2\n"

/* Sums become outputs: rounded as tp_requantize, ties away from zero, for a negative product moves one down. */
#define FINISH(x)                             \
  "vadd.i32 " x ", " x ", r8\n"            \
  "vqrdmulh.s32 " x ", " x ", r7\n"        \
  "vshr.s32 q0, " x ", #31\n"              \
  "vadd.i32 " x ", " x ", r9\n"            \
  "vadd.i32 " x ", " x ", q0\n"            \
  "vshl.s32 " x ", r11\n"                  \
  "vmax.s32 " x ", " x ", q6\n"            \
  "vmin.s32 " x ", " x ", q7\n"

#define END                                   \
  "vpop {d8-d15}\n"                        \
  "pop {r4-r11, pc}\n"

/* Eight outputs in 40 instructions, four of a line. */
__attribute__((naked)) void tp_depthwise_3x3_1(tp_depthwise_3x3_channel_t *channel, const int8_t *ring, int8_t *first,
                                               int8_t *second, const tp_depthwise_3x3_outputs_t *outputs) {
  __asm__ volatile(
      "ldr r12, [sp]\n" BEGIN
      "mov r5, r3\n"
      "mov r3, r2\n"
      "1:\n"
      "vldrb.8 q0, [r1], #16\n"
      "vmladav.s8 r0, q0, q1\n"
      "vmladav.s8 r2, q0, q2\n"
      "vldrb.8 q0, [r1, #-8]\n"
      "vmladav.s8 r4, q0, q1\n"
      "vmladav.s8 r6, q0, q2\n"
      "vldrb.8 q0, [r1, #-12]\n"
      "vmov q3[2], q3[0], r0, r4\n"
      "vmov q4[2], q4[0], r2, r6\n"
      "vmladav.s8 r0, q0, q1\n"
      "vmladav.s8 r2, q0, q2\n"
      "vldrb.8 q0, [r1, #-4]\n"
      "vmladav.s8 r4, q0, q1\n"
      "vmladav.s8 r6, q0, q2\n"
      "vctp.32 r12\n"
      "vmov q3[3], q3[1], r0, r4\n"
      "vmov q4[3], q4[1], r2, r6\n" FINISH("q4") FINISH("q3")
      "vpstt\n"
      "vstrbt.32 q4, [r5, q5]\n"
      "vstrbt.32 q3, [r3, q5]\n"
      "add r5, r5, r10\n"
      "add r3, r3, r10\n"
      "subs r12, r12, #4\n"
      "bgt 1b\n" END);
}

/* Four outputs in 24 instructions. */
__attribute__((naked)) void tp_depthwise_3x3_2(tp_depthwise_3x3_channel_t *channel, const int8_t *ring, int8_t *output,
                                               const tp_depthwise_3x3_outputs_t *outputs) {
  __asm__ volatile(
      "mov r12, r3\n" BEGIN
      "1:\n"
      "vldrb.8 q0, [r1], #32\n"
      "vmladav.s8 r0, q0, q2\n"
      "vldrb.8 q0, [r1, #-16]\n"
      "vmladav.s8 r4, q0, q2\n"
      "vldrb.8 q0, [r1, #-24]\n"
      "vmov q3[2], q3[0], r0, r4\n"
      "vmladav.s8 r0, q0, q2\n"
      "vldrb.8 q0, [r1, #-8]\n"
      "vmladav.s8 r4, q0, q2\n"
      "vctp.32 r12\n"
      "vmov q3[3], q3[1], r0, r4\n" FINISH("q3")
      "vpst\n"
      "vstrbt.32 q3, [r2, q5]\n"
      "add r2, r2, r10\n"
      "subs r12, r12, #4\n"
      "bgt 1b\n" END);
}

#endif
