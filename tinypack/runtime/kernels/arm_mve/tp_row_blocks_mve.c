/* Row blocks: a pass takes 16 taps of two output channels and four columns, 128 multiply-accumulates in 19
   instructions: 0.15 each. An output takes 4 besides. */
#include "tp_row_blocks.h"

#if defined(TP_MVE)
#pragma GCC diagnostic ignored "-Wunused-parameter" /* of naked functions */

/* 128 multiply-accumulates in 17 instructions: 16 taps of two output channels and four columns. q7: addresses of words of
   weights, less 64. r5, r7, r9, r11: columns. r0, r4, r8, r12: sums of the upper channel; r2, r6, r10, lr: of the lower.
   Words of taps 0 and 2 of each four, then of 1 and 3: interleaved bytes are in the columns' order. Rounding
   256 wA + wB to 256s gives wA. `each` predicates the next instruction, `both` the next two, for which `t` says so. */
#define COLUMN(x, upper, lower, each, t)      \
  each "vldrb" t ".8 q1, [" x "], #16\n"   \
  "vmladava.s8 " upper ", q1, q2\n"        \
  "vmladava.s8 " lower ", q1, q0\n"

#define SIXTEEN_TAPS(both, each, t)           \
  both "vldrw" t ".u32 q0, [q7, #64]!\n"   \
  "vldrw" t ".u32 q1, [q7, #8]\n"          \
  "vrshrnb.i16 q2, q0, #8\n"               \
  "vrshrnt.i16 q2, q1, #8\n"               \
  "vmovnt.i16 q0, q1\n"                    \
  COLUMN("r5", "r0", "r2", each, t)        \
  COLUMN("r7", "r4", "r6", each, t)        \
  COLUMN("r9", "r8", "r10", each, t)       \
  COLUMN("r11", "r12", "lr", each, t)

/* Sums of two output channels, two columns to a register. r3: their first word of weights, less 16. */
#define TWO_CHANNELS(upper, upper_2, lower, lower_2)      \
  "vadd.i32 q7, q3, r3\n"                              \
  "ldmia sp, {r0-r2, r4-r12, lr}\n"                    \
  "cmp r1, #0\n"                                       \
  "blt 3f\n"                                           \
  "2:\n" SIXTEEN_TAPS("", "", "")                      \
  "subs r1, r1, #16\n"                                 \
  "bge 2b\n"                                           \
  "3:\n"                                               \
  "adds r1, r1, #16\n"                                 \
  "beq 4f\n"                                           \
  "vctp.8 r1\n" SIXTEEN_TAPS("vpstt\n", "vpst\n", "t") \
  "ldr r1, [sp, #168]\n"                               \
  "vctp.32 r1\n"                                       \
  "4:\n"                                               \
  "vmov " upper ", r0, r4\n"                           \
  "vmov " upper_2 ", r8, r12\n"                        \
  "vmov " lower ", r2, r6\n"                           \
  "vmov " lower_2 ", r10, lr\n"

/* Rounded as tp_requantize does it: the product to nearest, ties up, the shift to nearest, ties away from zero. For that
   a negative product moves one down, unless the zero point is -128: what it makes is clamped anyway. */
#define PRODUCT(x, bias, m)              \
  "vadd.i32 " x ", " x ", " bias "\n"    \
  "vqrdmulh.s32 " x ", " x ", " m "\n"
#define TIES(x)                          \
  "vshr.s32 q2, " x ", #31\n"            \
  "vadd.i32 " x ", " x ", q2\n"

/* On the stack: 0 what two channels begin with in r0-r2, r4-r12, lr: zeros, taps - 16 in r1, the columns; 52 from the
   second word of a block to its multipliers, 56 end of rows, 160 zero point, 168 columns to write.
   q3: from r3 to q7; q6: where the columns' outputs stand, less 4; P0: the columns to write.
   Besides the taps a block takes 70 instructions, 62 where the zero point is -128: 4 an output. */
__attribute__((naked)) void tp_row_blocks(const int32_t *rows, const tp_column_t *columns, int32_t taps,
                                          int32_t out_depth, int32_t zero_point, int8_t *output, int32_t count) {
  __asm__ volatile(
      "push {r4-r11, lr}\n"
      "vpush {d8-d15}\n"
      "ldrd r5, r6, [sp, #104]\n"
      "vctp.32 r6\n"
      "sub r5, r5, #4\n"
      "add r6, r5, r3\n"
      "add r7, r6, r3\n"
      "add r8, r7, r3\n"
      "vmov d12, r5, r6\n"
      "vmov d13, r7, r8\n"
      "mvn r4, #23\n"
      "vidup.u32 q3, r4, #8\n"
      "vshl.i32 q3, q3, #1\n"

      "add r4, r2, #9\n"
      "mla r4, r4, r3, r0\n"
      "mov r3, r0\n"
      "lsl r0, r2, #2\n"
      "add r0, r0, #12\n"
      "push {r0, r4}\n"
      "mov r5, r1\n"
      "add r7, r5, r2\n"
      "add r9, r7, r2\n"
      "add r11, r9, r2\n"
      "sub r1, r2, #16\n"
      "movs r0, #0\n"
      "mov r2, r0\n"
      "mov r4, r0\n"
      "mov r6, r0\n"
      "mov r8, r0\n"
      "mov r10, r0\n"
      "mov r12, r0\n"
      "mov lr, r0\n"
      "push {r0-r2, r4-r12, lr}\n"

      "1:\n" TWO_CHANNELS("d8", "d9", "d10", "d11")
      "add r3, r3, #4\n" TWO_CHANNELS("d0", "d1", "d2", "d3")

      "ldrd r0, r2, [r3, #-4]\n"
      "ldrd r4, r6, [r3, #4]\n"
      "sub r0, r0, r2\n"
      "asr r0, r0, #8\n"
      "sub r4, r4, r6\n"
      "asr r4, r4, #8\n"
      "ldr r1, [sp, #52]\n"
      "add r3, r3, r1\n"
      "ldmia r3!, {r5, r7, r8, r9, r10}\n"
      "ldr r1, [sp, #160]\n"
      "mvn r10, r10\n" PRODUCT("q4", "r0", "r5") PRODUCT("q5", "r2", "r7") PRODUCT("q0", "r4", "r8")
      PRODUCT("q1", "r6", "r9")
      "cmn r1, #128\n"
      "beq 5f\n" TIES("q4") TIES("q5") TIES("q0") TIES("q1")
      "5:\n"
      "vrshl.s32 q4, r10\n"
      "lsr r10, r10, #8\n"
      "vrshl.s32 q5, r10\n"
      "lsr r10, r10, #8\n"
      "vrshl.s32 q0, r10\n"
      "lsr r10, r10, #8\n"
      "vrshl.s32 q1, r10\n"
      "vqmovnb.s32 q4, q4\n"
      "vqmovnt.s32 q4, q0\n"
      "vqmovnb.s32 q5, q5\n"
      "vqmovnt.s32 q5, q1\n"
      "vqadd.s16 q4, q4, r1\n"
      "vqadd.s16 q5, q5, r1\n"
      "vqmovnb.s16 q4, q4\n"
      "vqmovnt.s16 q4, q5\n"
      "vpst\n"
      "vstrwt.32 q4, [q6, #4]!\n"
      "ldr r1, [sp, #56]\n"
      "cmp r3, r1\n"
      "bne 1b\n"

      "add sp, sp, #60\n"
      "vpop {d8-d15}\n"
      "pop {r4-r11, pc}\n");
}

#endif
