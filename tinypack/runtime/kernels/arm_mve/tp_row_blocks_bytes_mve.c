#include "tp_row_blocks_bytes.h"

#if defined(TP_MVE)
#pragma GCC diagnostic ignored "-Wunused-parameter" /* of naked functions */

/* Weights of two output channels, 16 taps of each in order: the upper channel's in q2, the lower's in q0.
   q7: addresses of words of taps 0 and 2 of each four; those of 1 and 3 stand 8 bytes on. */
#define TWO_CHANNELS(first, second)           \
  "vldrw.u32 q0, [q7, #" first "\n"        \
  "vldrw.u32 q1, [q7, #" second "]\n"      \
  "vrshrnb.i16 q2, q0, #8\n"               \
  "vrshrnt.i16 q2, q1, #8\n"               \
  "vmovnt.i16 q0, q1\n"

/* 64 multiply-accumulates in 16 instructions: 16 taps of four output channels. r1: input, r2, r4, r6, r8: sums.
   Besides the taps a block takes 25 instructions, 6 an output.
   r0: rows, r3: end of the output, r5: taps, r7: output, r9: 4 * taps, r10: zero point, r11: input; q6: from r0 to q7. */
__attribute__((naked)) void tp_row_blocks_bytes(const int32_t *rows, const int8_t *input, int32_t taps,
                                                int32_t out_depth, int32_t zero_point, int8_t *output) {
  __asm__ volatile(
      "push {r4-r11, lr}\n"
      "vpush {d12-d15}\n"
      "ldr r10, [sp, #68]\n"
      "ldr r7, [sp, #72]\n"
      "add r3, r3, r7\n"
      "mov r5, r2\n"
      "lsl r9, r2, #2\n"
      "mov r11, r1\n"
      "mvn r4, #31\n"
      "vidup.u32 q6, r4, #8\n"
      "vshl.i32 q6, q6, #1\n"

      "1:\n"
      "ldmia r0!, {r2, r4, r6, r8}\n"
      "sub r2, r2, r4\n"
      "asr r2, r2, #8\n"
      "sub r6, r6, r8\n"
      "asr r6, r6, #8\n"
      "vadd.i32 q7, q6, r0\n"
      "mov r1, r11\n"
      "dlstp.8 lr, r5\n"
      "2:\n" TWO_CHANNELS("64]!", "8")
      "vldrb.8 q3, [r1], #16\n"
      "vmladava.s8 r2, q3, q2\n"
      "vmladava.s8 r4, q3, q0\n" TWO_CHANNELS("4]", "12")
      "vmladava.s8 r6, q3, q2\n"
      "vmladava.s8 r8, q3, q0\n"
      "letp lr, 2b\n"

      "add r0, r0, r9\n"
      "vmov d0, r2, r4\n"
      "vmov d1, r6, r8\n"
      "vldrw.32 q1, [r0]\n"
      "vldrb.s32 q2, [r0, #16]\n"
      "vqrdmulh.s32 q0, q0, q1\n"
      "vshr.s32 q1, q0, #31\n"
      "vadd.i32 q0, q0, q1\n"
      "vmvn q2, q2\n"
      "vrshl.s32 q0, q0, q2\n"
      "vadd.i32 q0, q0, r10\n"
      "vqmovnb.s32 q0, q0\n"
      "vqmovnb.s16 q0, q0\n"
      "vstrb.32 q0, [r7], #4\n"
      "add r0, r0, #20\n"
      "cmp r7, r3\n"
      "bne 1b\n"

      "vpop {d12-d15}\n"
      "pop {r4-r11, pc}\n");
}

#endif
