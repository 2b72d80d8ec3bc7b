/* The transform's steps of 4 in the DSP extension's instructions. */
#ifndef TP_RFFT_STEPS_DSP_H
#define TP_RFFT_STEPS_DSP_H

#include "tp_rfft_macros_dsp.h"
#include "tp_rfft_s32.h"

#ifdef TP_DSP

/* The other twiddle of the step from pairs to eights, which is that of 45 degrees, `diagonal` its cosine and sine: its
   square takes no product. 64 instructions for four numbers. */
static TP_ASSEMBLY uint32_t tp_rfft_diagonals(int32_t *z TP_UNUSED, const int32_t *end TP_UNUSED,
                                              int32_t diagonal TP_UNUSED, int32_t up TP_UNUSED) {
  __asm__(
      "push {r4-r11, lr}\n"
      "push {r1, r2}\n"
      "mov r12, r3\n"
      "mov lr, #0\n"
      "1:\n"
      "ldrd r4, r5, [r0]\n" TP_QUARTER("r4", "r8") TP_QUARTER("r5", "r8")
      "ldrd r7, r6, [r0, #16]\n"
      "lsl r6, r6, r12\n"
      "lsl r7, r7, r12\n"
      "add r6, r6, #2\n"
      "rsb r7, r7, #2\n"
      TP_FIRST_PAIR
      "ldr r2, [sp, #4]\n"
      "ldrd r6, r7, [r0, #32]\n"
      "lsl r6, r6, r12\n"
      "lsl r7, r7, r12\n"
      "add r10, r6, r7\n"
      "sub r7, r7, r6\n"
      "smmulr r6, r10, r2\n"
      "smmulr r7, r7, r2\n"
      "rsb r2, r2, #0\n"
      "ldrd r11, r3, [r0, #48]\n"
      "lsl r11, r11, r12\n"
      "lsl r3, r3, r12\n"
      "sub r10, r11, r3\n"
      "add r11, r11, r3\n"
      "smmulr r10, r10, r2\n"
      "smmulr r11, r11, r2\n"
      "add r3, r6, r10\n"
      "sub r6, r10, r6\n"
      "add r10, r7, r11\n"
      "sub r7, r7, r11\n"
      TP_CROSS_PAIR
      TP_STORED_AT("r0, #48", "r11", "r7")
      TP_LAST_PAIR
      TP_STORED_AT("r0, #32", "r6", "r7")
      TP_STORED_AT("r0, #16", "r8", "r9")
      TP_STORED_AT("r0", "r4", "r5")
      "ldr r2, [sp]\n"
      "add r0, r0, #64\n"
      "cmp r0, r2\n"
      "bcc 1b\n"
      "mov r0, lr\n"
      "add sp, sp, #8\n"
      "pop {r4-r11, pc}\n");
}

typedef struct {
  int32_t bytes; /* of `part` numbers */
  int32_t up;
  const int32_t *end;
  const int32_t *w1;
  const int32_t *w23;
  int32_t stride; /* bytes of both tables from one twiddle to the next */
} tp_rfft_step_t;

/* The twiddles of 1 of a step: 73 instructions for four numbers. Gives their sizes. */
static TP_ASSEMBLY uint32_t tp_rfft_first_twiddles(int32_t *z TP_UNUSED, const tp_rfft_step_t *s TP_UNUSED) {
  __asm__(
      "push {r4-r11, lr}\n"
      "ldr r2, [r1, #8]\n"
      "ldrd r1, r12, [r1]\n"
      "mov lr, #0\n"
      "1:\n"
      "ldrd r4, r5, [r0]\n" TP_QUARTER("r4", "r8") TP_QUARTER("r5", "r8")
      TP_FORWARD "ldrd r6, r7, [r0]\n" TP_QUARTER("r6", "r8") TP_QUARTER("r7", "r8")
      TP_FIRST_PAIR
      TP_FORWARD "ldrd r6, r7, [r0]\n" TP_QUARTER("r6", "r10") TP_QUARTER("r7", "r10")
      TP_FORWARD "ldrd r10, r11, [r0]\n" TP_QUARTER("r10", "r3") TP_QUARTER("r11", "r3")
      TP_SECOND_PAIR
      TP_STORED("r11", "r7")
      TP_LAST_PAIR
      TP_BACK TP_STORED("r6", "r7")
      TP_BACK TP_STORED("r8", "r9")
      TP_BACK TP_STORED("r4", "r5")
      "add r0, r0, r1, lsl #2\n"
      "cmp r0, r2\n"
      "bcc 1b\n"
      "mov r0, lr\n"
      "pop {r4-r11, pc}\n");
}

/* All others: 84 instructions for four numbers, and 10 for each twiddle. */
static TP_ASSEMBLY uint32_t tp_rfft_other_twiddles(int32_t *z TP_UNUSED, const tp_rfft_step_t *s TP_UNUSED) {
  __asm__(
      "push {r4-r11, lr}\n"
      "sub sp, sp, #32\n"
      "ldr r4, [r1, #8]\n"  /* where the numbers of a twiddle end */
      "sub r5, r4, r0\n"    /* bytes of all, less the 8 to the next twiddle's */
      "sub r5, r5, #8\n"
      "ldr r6, [r1, #20]\n" /* stride */
      "ldrd r2, r3, [r1, #12]\n"
      "ldrd r1, r12, [r1]\n"
      "add r7, r4, r1\n" /* where the last twiddle's end */
      "strd r5, r6, [sp, #20]\n"
      "str r7, [sp, #28]\n"
      "mov r0, r4\n"
      "mov lr, #0\n"
      "b 2f\n"
      "1:\n"
      "ldrd r6, r7, [r0]\n" TP_QUARTER("r6", "r8") TP_QUARTER("r7", "r8")
      TP_FORWARD TP_TURNED("r4", "r5", "r3")
      "add r8, r4, r6, asr #2\n"
      "rsb r4, r4, r6, asr #2\n"
      "add r9, r5, r7, asr #2\n"
      "rsb r5, r5, r7, asr #2\n"
      "stm sp, {r4, r5, r8, r9}\n"
      TP_FORWARD TP_TURNED("r4", "r5", "r2")
      TP_FORWARD TP_TURNED("r6", "r7", "r3, #8")
      "add r8, r4, r6\n"
      "add r9, r5, r7\n"
      "sub r10, r5, r7\n"
      "sub r11, r6, r4\n"
      "ldm sp, {r4, r5, r6, r7}\n"
      "sub r4, r4, r10\n"
      "add r10, r4, r10, lsl #1\n"
      "sub r5, r5, r11\n"
      "add r11, r5, r11, lsl #1\n"
      TP_STORED("r4", "r5")
      "sub r6, r6, r8\n"
      "add r8, r6, r8, lsl #1\n"
      "sub r7, r7, r9\n"
      "add r9, r7, r9, lsl #1\n"
      TP_BACK TP_STORED("r6", "r7")
      TP_BACK TP_STORED("r10", "r11")
      TP_BACK TP_STORED("r8", "r9")
      "ldr r4, [sp, #16]\n"
      "add r0, r0, r1, lsl #2\n"
      "cmp r0, r4\n"
      "bcc 1b\n"
      "ldrd r5, r6, [sp, #20]\n"
      "ldr r7, [sp, #28]\n"
      "2:\n"
      "add r4, r4, #8\n"
      "str r4, [sp, #16]\n"
      "sub r0, r0, r5\n"
      "add r2, r2, r6\n"
      "add r3, r3, r6\n"
      "cmp r4, r7\n"
      "bcc 1b\n"
      "mov r0, lr\n"
      "add sp, sp, #32\n"
      "pop {r4-r11, pc}\n");
}

static uint32_t tp_rfft_step_of_4(const tp_rfft_s32_t *p, int32_t *z, int32_t part, int32_t up) {
  const int32_t *const end = z + p->length;
  const tp_rfft_step_t step = {8 * part, up, end, p->twiddle, p->twiddle_2_3, 2 * p->length / part};
  uint32_t size = tp_rfft_first_twiddles(z, &step);
  size |= part == 2 ? tp_rfft_diagonals(z + 2, end, p->twiddle[p->length / 4], up) : tp_rfft_other_twiddles(z, &step);
  return tp_rfft_size(size, z, p->length / 2);
}

#endif
#endif
