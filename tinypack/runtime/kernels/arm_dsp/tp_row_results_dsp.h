/* Assembly that makes outputs of the sums of a row block, in naked functions. */
#ifndef TP_ROW_RESULTS_DSP_H
#define TP_ROW_RESULTS_DSP_H

#pragma GCC diagnostic ignored "-Wunused-parameter" /* of naked functions */

/* Twice the sums of a pair, the upper channel's and the lower's. */
#define TP_TWICE_UPPER(both, low)      \
  "sub " both ", " both ", " low "\n" \
  "asr " both ", " both ", #7\n"
#define TP_TWICE_LOWER(low) "lsl " low ", " low ", #1\n"

/* Twice a sum in `x` becomes an output, by multiplier `m`. r1: right shift less 1, r12: 2 * zero point + 1.
   The first product is rounded to nearest, ties up, the shift to nearest, ties away from zero: as tp_requantize. */
#define TP_OUTPUT(x, m)                \
  "smmulr " x ", " x ", " m "\n"       \
  "add " x ", " x ", " x ", asr #31\n" \
  "asr " x ", " x ", r1\n"             \
  "add " x ", " x ", r12\n"            \
  "ssat " x ", #8, " x ", asr #1\n"

/* The same where the zero point is -128: results below 0 are clamped to it, so that their ties don't matter.
   lr: r12 * 2^r1 */
#define TP_SHIFTED_ZERO_POINT "lsl lr, r12, r1\n"
#define TP_OUTPUT_ABOVE(x, m)              \
  "smmlar " x ", " x ", " m ", lr\n"       \
  "asr " x ", " x ", r1\n"                 \
  "ssat " x ", #8, " x ", asr #1\n"

/* Outputs of a block, two columns at once: sums of A, B, C, D in r2 to r5 and in r6 to r9. r0: the block's multipliers,
   then its shifts. `prepare` is done once a channel. */
#define TP_ALL_OUTPUTS(prepare, output)                                    \
  "ldrd r10, r11, [r0], #8\n"                                              \
  "ldrb r1, [r0, #8]\n" prepare output("r2", "r10") output("r6", "r10")    \
  "ldrb r1, [r0, #9]\n" prepare output("r3", "r11") output("r7", "r11")    \
  "ldrd r10, r11, [r0], #8\n"                                              \
  "ldrb r1, [r0, #2]\n" prepare output("r4", "r10") output("r8", "r10")    \
  "ldrb r1, [r0, #3]\n" prepare output("r5", "r11") output("r9", "r11")

#define TP_FOUR_BYTES(a, b, c, d)      \
  "bfi " a ", " b ", #8, #8\n"         \
  "bfi " a ", " c ", #16, #8\n"        \
  "bfi " a ", " d ", #24, #8\n"

#endif
