/* The transform's radix-4 steps in the DSP extension's instructions: compilers need half as many again, for want of
   registers. Of sizes only the highest bit counts: three instructions tell it of two values from their upper halves,
   true from 2^16 on; 0 stands for less. */
#ifndef TP_RFFT_STEPS_DSP_H
#define TP_RFFT_STEPS_DSP_H

#include "tp_fixed.h"
#include "tp_rfft_s32.h"

#ifdef TP_DSP

/* r0: a number; r1: bytes to the next of the four; r2, r3: twiddles; r12: up; lr: size; r4-r11: numbers. */

/* Four times a quarter of 2^up x. */
#define TP_QUARTER(x, rest)       \
  "lsl " x ", " x ", r12\n"       \
  "lsrs " rest ", " x ", #3\n"    \
  "adc " x ", " x ", #1\n"

/* The number at r0 times 2^up, turned by the twiddle at w, divided by 4. */
#define TP_TURNED(x, y, w)                 \
  "ldrd " x ", " y ", [r0]\n"              \
  "lsl " x ", " x ", r12\n"                \
  "lsl " y ", " y ", r12\n"                \
  "ldrd r8, r9, [" w "]\n"                 \
  "smull r10, r11, " x ", r8\n"            \
  "smlal r10, r11, " y ", r9\n"            \
  "rsb " x ", " x ", #0\n"                 \
  "smull r8, " y ", " y ", r8\n"           \
  "smlal r8, " y ", " x ", r9\n"           \
  "add " y ", " y ", r8, lsr #31\n"        \
  "add " x ", r11, r10, lsr #31\n"

/* Sum and difference in the places of two numbers. */
#define TP_PAIRED(a_re, a_im, b_re, b_im)                   \
  "sub " b_re ", " a_re ", " b_re "\n"                      \
  "rsb " a_re ", " b_re ", " a_re ", lsl #1\n"              \
  "sub " b_im ", " a_im ", " b_im "\n"                      \
  "rsb " a_im ", " b_im ", " a_im ", lsl #1\n"

#define TP_STORED_AT(place, x, y) TP_STORED_TO("[" place "]", x, y)
#define TP_STORED(x, y) TP_STORED_AT("r0", x, y)
#define TP_STORED_TO(address, x, y)        \
  "strd " x ", " y ", " address "\n"       \
  "pkhtb " x ", " x ", " y ", asr #16\n"   \
  "eor " x ", " x ", " x ", lsl #1\n"      \
  "orr lr, lr, " x "\n"

/* Sums and differences of four quarters: a in r4 and r5, c in r6 and r7; then b in r6 and r7, d in r10 and r11. */
#define TP_FIRST_PAIR                   \
  "asr r6, r6, #2\n"                    \
  "asr r7, r7, #2\n"                    \
  "rsb r8, r6, r4, asr #2\n"            \
  "add r4, r6, r4, asr #2\n"            \
  "rsb r9, r7, r5, asr #2\n"            \
  "add r5, r7, r5, asr #2\n"
#define TP_SECOND_PAIR                  \
  "asr r6, r6, #2\n"                    \
  "asr r7, r7, #2\n"                    \
  "add r3, r6, r10, asr #2\n"           \
  "rsb r6, r6, r10, asr #2\n"           \
  "add r10, r7, r11, asr #2\n"          \
  "sub r7, r7, r11, asr #2\n"           \
  TP_CROSS_PAIR
#define TP_CROSS_PAIR                   \
  "sub r11, r8, r7\n"                   \
  "add r8, r8, r7\n"                    \
  "sub r7, r9, r6\n"                    \
  "add r9, r9, r6\n"
#define TP_LAST_PAIR                    \
  "sub r6, r4, r3\n"                    \
  "add r4, r4, r3\n"                    \
  "sub r7, r5, r10\n"                   \
  "add r5, r5, r10\n"

#define TP_FORWARD "add r0, r0, r1\n"
#define TP_BACK "sub r0, r0, r1\n"

/* Bit reversal, and the step of pairs, z [n]: sums and differences of numbers n / 2 apart go to where these belong. Of
   eight numbers, which differ in the first and last bit, and in whether the bits between are reversed, none is read
   after it is written. 10 instructions a number. */
static TP_ASSEMBLY uint32_t tp_rfft_pairs(int32_t *z TP_UNUSED,
                                                                    int32_t n TP_UNUSED) {
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
static TP_ASSEMBLY uint32_t tp_rfft_first_twiddles(int32_t *z TP_UNUSED,
                                                                        const tp_rfft_step_t *s
                                                                        TP_UNUSED) {
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
static TP_ASSEMBLY uint32_t tp_rfft_other_twiddles(int32_t *z TP_UNUSED,
                                                                        const tp_rfft_step_t *s
                                                                        TP_UNUSED) {
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

/* Bins k and n - k, 0 < k, from the transforms of the even and of the odd values, which stand folded into z[k] and
   z[n - k]; w: twiddle before the first. 33 instructions for the two. */
static TP_ASSEMBLY void tp_rfft_split(const int32_t *w TP_UNUSED,
                                                           int32_t *low TP_UNUSED,
                                                           int32_t *high TP_UNUSED,
                                                           int32_t up TP_UNUSED) {
  __asm__(
      "push {r4-r11, lr}\n"
      "mov r12, r3\n"
      "1:\n"
      "ldrd r4, r5, [r1]\n"
      "ldrd r6, r7, [r2]\n"
      "lsl r4, r4, r12\n"
      "lsl r5, r5, r12\n"
      "lsl r6, r6, r12\n"
      "lsl r7, r7, r12\n"
      "add r3, r5, r7\n"
      "sub r5, r5, r7\n"
      "sub r8, r6, r4\n"
      "add r4, r4, r6\n"
      "ldrd r6, r7, [r0, #8]!\n"
      /* odd values: r3, r8; even ones over 2^30: r4, r5; the odd ones turned: r10 and r9, r8 and r6 */
      "smull r9, r10, r3, r6\n"
      "smlal r9, r10, r8, r7\n"
      "rsb r3, r3, #0\n"
      "smull r6, r8, r8, r6\n"
      "smlal r6, r8, r3, r7\n"
      "adds r11, r9, r4, lsl #30\n"
      "adc r3, r10, r4, asr #2\n"
      "add r3, r3, r11, lsr #31\n"
      "rsbs r9, r9, r4, lsl #30\n"
      "asr r4, r4, #2\n"
      "sbc r4, r4, r10\n"
      "add r4, r4, r9, lsr #31\n"
      "adds r11, r6, r5, lsl #30\n"
      "adc r7, r8, r5, asr #2\n"
      "add r7, r7, r11, lsr #31\n"
      "subs r6, r6, r5, lsl #30\n"
      "sbc r5, r8, r5, asr #2\n"
      "add r5, r5, r6, lsr #31\n"
      "strd r3, r7, [r1], #8\n"
      "strd r4, r5, [r2], #-8\n"
      "cmp r1, r2\n"
      "bls 1b\n"
      "pop {r4-r11, pc}\n");
}

/* The OR of sizes of z [n], of which `size` has what the upper halves tell. */
static TP_APART uint32_t tp_rfft_size(uint32_t size, const int32_t *z, int32_t n) {
  size = ((size | size >> 16) & 0xFFFEu) << 15;
  for (int32_t i = 0; size < 0x10000u && i < 2 * n; i++) size |= tp_size(z[i]);
  return size;
}

static uint32_t tp_rfft_first_of_2(int32_t *z, int32_t n) {
  return tp_rfft_size(tp_rfft_pairs(z, n), z, n);
}

static uint32_t tp_rfft_first_of_4(int32_t *z, int32_t n) {
  (void)tp_rfft_pairs(z, n);
  return tp_rfft_size(tp_rfft_fours(z, z + 2 * n), z, n);
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
