/* Assembly that makes outputs of the sums of a row block, in naked functions. */
#ifndef TP_ROW_RESULTS_DSP_H
#define TP_ROW_RESULTS_DSP_H

#pragma GCC diagnostic ignored "-Wunused-parameter" /* of naked functions */

/* Twice a sum in `x` becomes an output, by multiplier `m`. r1: right shift less 1, r12: 2 * zero point + 1.
   The first product is rounded to nearest, ties up, the shift to nearest, ties away from zero: as tp_requantize. */
#define TP_OUTPUT(x, m)                     \
  "smmulr " x ", " x ", " m "\n"         \
  "add " x ", " x ", " x ", asr #31\n"   \
  "asr " x ", " x ", r1\n"               \
  "add " x ", " x ", r12\n"              \
  "ssat " x ", #8, " x ", asr #1\n"

/* The sums of the upper channel of a pair, then of the lower. */
#define TP_UPPER(both, low, m)              \
  "sub " both ", " both ", " low "\n"    \
  "asr " both ", " both ", #7\n"         \
  TP_OUTPUT(both, m)
#define TP_LOWER(low, m) "lsl " low ", " low ", #1\n" TP_OUTPUT(low, m)

#define TP_FOUR_BYTES(a, b, c, d)           \
  "bfi " a ", " b ", #8, #8\n"           \
  "bfi " a ", " c ", #16, #8\n"          \
  "bfi " a ", " d ", #24, #8\n"

#endif
