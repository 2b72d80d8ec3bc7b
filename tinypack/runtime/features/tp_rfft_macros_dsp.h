/* What the steps of the transform are made of in the DSP extension's instructions: compilers need half as many again,
   for want of registers. Of sizes only the highest bit counts: three instructions tell it of two values from the upper
   halves, true from 2^16 on; 0 stands for less. */
#ifndef TP_RFFT_MACROS_DSP_H
#define TP_RFFT_MACROS_DSP_H

#include "tp_fixed.h"

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

/* The OR of sizes of z [n], of which `size` has what the upper halves tell. */
static TP_APART uint32_t tp_rfft_size(uint32_t size, const int32_t *z, int32_t n) {
  size = ((size | size >> 16) & 0xFFFEu) << 15;
  for (int32_t i = 0; size < 0x10000u && i < 2 * n; i++) size |= tp_size(z[i]);
  return size;
}

#endif
#endif
