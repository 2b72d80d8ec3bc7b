/* The transform's first steps in the DSP extension's instructions. */
#ifndef TP_RFFT_FIRST_DSP_H
#define TP_RFFT_FIRST_DSP_H

#include "tp_rfft_macros_dsp.h"

#ifdef TP_DSP

/* Bit reversal, and the step of pairs, z [n]: sums and differences of numbers n / 2 apart go to where these belong. Of
   eight numbers, which differ in the first and last bit, and in whether the bits between are reversed, none is read
   after it is written. 10 instructions a number. */
static TP_ASSEMBLY uint32_t tp_rfft_pairs(int32_t *z TP_UNUSED, int32_t n TP_UNUSED) {
  __asm__(
      "push {r4-r11, lr}\n"
      "clz r2, r1\n"
      "sub r2, r2, #5\n"
      "lsl r1, r1, #2\n"
      "mov lr, #0\n"
      "mov r12, r0\n" /* two numbers, which bit reversal of the first one's place takes to r3 */
      "1:\n"
      "sub r3, r12, r0\n"
      "rbit r3, r3\n"
      "lsr r3, r3, r2\n"
      "add r3, r3, r0\n"
      "cmp r3, r12\n"
      "bcc 3f\n"
      "beq 2f\n"
      "ldrd r4, r5, [r3]\n"
      "ldrd r8, r9, [r12]\n"
      "add r3, r3, r1\n"
      "add r12, r12, r1\n"
      "ldrd r6, r7, [r3]\n"
      "ldrd r10, r11, [r12]\n"
      "sub r3, r3, r1\n"
      "sub r12, r12, r1\n"
      TP_PAIRED("r4", "r5", "r6", "r7")
      TP_PAIRED("r8", "r9", "r10", "r11")
      TP_STORED_AT("r12", "r4", "r5")
      TP_STORED_AT("r3", "r8", "r9")
      "ldrd r4, r5, [r3, #8]\n"
      "ldrd r8, r9, [r12, #8]\n"
      TP_STORED_AT("r12, #8", "r6", "r7")
      TP_STORED_AT("r3, #8", "r10", "r11")
      "add r3, r3, r1\n"
      "add r12, r12, r1\n"
      "ldrd r6, r7, [r3, #8]\n"
      "ldrd r10, r11, [r12, #8]\n"
      TP_PAIRED("r4", "r5", "r6", "r7")
      TP_PAIRED("r8", "r9", "r10", "r11")
      TP_STORED_AT("r12", "r4", "r5")
      TP_STORED_AT("r12, #8", "r6", "r7")
      TP_STORED_AT("r3", "r8", "r9")
      TP_STORED_AT("r3, #8", "r10", "r11")
      "sub r12, r12, r1\n"
      "b 3f\n"
      "2:\n" /* the reversed place is the place itself */
      "ldrd r4, r5, [r12]\n"
      "ldrd r6, r7, [r12, #8]\n"
      "add r12, r12, r1\n"
      "ldrd r8, r9, [r12]\n"
      "ldrd r10, r11, [r12, #8]\n"
      TP_PAIRED("r4", "r5", "r8", "r9")
      TP_PAIRED("r6", "r7", "r10", "r11")
      TP_STORED_AT("r12", "r6", "r7")
      TP_STORED_AT("r12, #8", "r10", "r11")
      "sub r12, r12, r1\n"
      TP_STORED_AT("r12", "r4", "r5")
      TP_STORED_AT("r12, #8", "r8", "r9")
      "3:\n"
      "add r12, r12, #16\n"
      "sub r3, r12, r0\n"
      "cmp r3, r1\n"
      "bcc 1b\n"
      "mov r0, lr\n"
      "pop {r4-r11, pc}\n");
}

/* Sums and differences of pairs. 31 instructions for four numbers. */
static TP_ASSEMBLY uint32_t tp_rfft_fours(int32_t *z TP_UNUSED, const int32_t *end TP_UNUSED) {
  __asm__(
      "push {r4-r11, lr}\n"
      "mov lr, #0\n"
      "1:\n"
      "ldrd r4, r5, [r0]\n"
      "ldrd r6, r7, [r0, #8]\n"
      "ldrd r8, r9, [r0, #16]\n"
      "ldrd r10, r11, [r0, #24]\n"
      TP_PAIRED("r4", "r5", "r8", "r9")
      "add r6, r6, r11\n"
      "sub r11, r6, r11, lsl #1\n"
      "sub r7, r7, r10\n"
      "add r10, r7, r10, lsl #1\n"
      TP_STORED_AT("r0, #8", "r6", "r7")
      TP_STORED_AT("r0, #16", "r8", "r9")
      TP_STORED_AT("r0, #24", "r11", "r10")
      TP_STORED_AT("r0", "r4", "r5")
      "add r0, r0, #32\n"
      "cmp r0, r1\n"
      "bcc 1b\n"
      "mov r0, lr\n"
      "pop {r4-r11, pc}\n");
}

static uint32_t tp_rfft_first_of_2(int32_t *z, int32_t n) {
  return tp_rfft_size(tp_rfft_pairs(z, n), z, n);
}

static uint32_t tp_rfft_first_of_4(int32_t *z, int32_t n) {
  (void)tp_rfft_pairs(z, n);
  return tp_rfft_size(tp_rfft_fours(z, z + 2 * n), z, n);
}

#endif
#endif
