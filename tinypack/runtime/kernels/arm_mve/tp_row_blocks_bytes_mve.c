/* Row blocks of a single column: a pass takes 16 taps of four output channels, 64 multiply-accumulates in 16
   instructions: 0.25 each. An output takes 7 besides. */
#include "tp_row_blocks_bytes.h"

#if defined(TP_MVE)
#pragma GCC diagnostic ignored "-Wunused-parameter" /* of naked functions */

/* 64 multiply-accumulates in 15 instructions: 16 taps of four output channels, whose words are in q0 to q3: taps 0 and 2
   of each four of A and B, of C and D, then 1 and 3. So interleaved bytes are in the input's order; rounding
   256 wA + wB to 256s gives wA. r2, r4, r6, r8: sums. */
#define SIXTEEN_TAPS                       \
  "vrshrnb.i16 q4, q0, #8\n"            \
  "vrshrnt.i16 q4, q2, #8\n"            \
  "vmovnt.i16 q0, q2\n"                 \
  "vrshrnb.i16 q2, q1, #8\n"            \
  "vmladava.s8 r2, q5, q4\n"            \
  "vrshrnt.i16 q2, q3, #8\n"            \
  "vmladava.s8 r4, q5, q0\n"            \
  "vmovnt.i16 q1, q3\n"                 \
  "vmladava.s8 r6, q5, q2\n"            \
  "vmladava.s8 r8, q5, q1\n"

/* Besides the taps a block takes 29 instructions, 7 an output.
   r0: rows, r1: input, r3: end of the output, r5: taps left over, r7: output, r9: sixteens of taps, r10: zero point,
   r11: input; q6: from r0 to words of the last taps, if they are only eight. */
__attribute__((naked)) void tp_row_blocks_bytes(const int32_t *rows, const int8_t *input, int32_t taps,
                                                int32_t out_depth, int32_t zero_point, int8_t *output) {
  __asm__ volatile(
      "push {r4-r11, lr}\n"
      "vpush {d8-d13}\n"
      "ldr r10, [sp, #84]\n"
      "ldr r7, [sp, #88]\n"
      "add r3, r3, r7\n"
      "and r5, r2, #8\n"
      "lsr r9, r2, #4\n"
      "mov r11, r1\n"
      "movs r4, #0\n"
      "vidup.u32 q6, r4, #8\n"
      "vshl.i32 q6, q6, #1\n"

      "1:\n"
      "ldmia r0!, {r2, r4, r6, r8}\n"
      "sub r2, r2, r4\n"
      "asr r2, r2, #8\n"
      "sub r6, r6, r8\n"
      "asr r6, r6, #8\n"
      "mov r1, r11\n"
      "wls lr, r9, 3f\n"
      "2:\n"
      "vld40.32 {q0, q1, q2, q3}, [r0]\n"
      "vld41.32 {q0, q1, q2, q3}, [r0]\n"
      "vld42.32 {q0, q1, q2, q3}, [r0]\n"
      "vld43.32 {q0, q1, q2, q3}, [r0]!\n"
      "vldrb.8 q5, [r1], #16\n" SIXTEEN_TAPS
      "le lr, 2b\n"
      "3:\n"
      "cbz r5, 4f\n"
      "vctp.8 r5\n"
      "vpstt\n"
      "vldrbt.8 q5, [r1]\n"
      "vldrwt.u32 q0, [r0, q6]\n"
      "add r0, r0, #4\n"
      "vpst\n"
      "vldrwt.u32 q1, [r0, q6]\n"
      "add r0, r0, #4\n"
      "vpst\n"
      "vldrwt.u32 q2, [r0, q6]\n"
      "add r0, r0, #4\n"
      "vpst\n"
      "vldrwt.u32 q3, [r0, q6]\n"
      "add r0, r0, #20\n" SIXTEEN_TAPS
      "4:\n"
      "vmov d0, r2, r4\n"
      "vmov d1, r6, r8\n"
      "vldrw.32 q1, [r0]\n"
      "vldrb.s32 q2, [r0, #16]\n"
      "vqrdmulh.s32 q0, q0, q1\n"
      "vmvn q2, q2\n"
      "vshr.s32 q1, q0, #31\n"
      "vadd.i32 q0, q0, q1\n"
      "vrshl.s32 q0, q0, q2\n"
      "vadd.i32 q0, q0, r10\n"
      "vqmovnb.s32 q0, q0\n"
      "vqmovnb.s16 q0, q0\n"
      "vstrb.32 q0, [r7], #4\n"
      "add r0, r0, #20\n"
      "cmp r7, r3\n"
      "bne 1b\n"

      "vpop {d8-d13}\n"
      "pop {r4-r11, pc}\n");
}

#endif
