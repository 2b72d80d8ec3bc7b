/* Row blocks in C: 5.2 instructions a multiply-accumulate on a Cortex-M0 (42 for eight), 5 on RV32; about 80 an output
   besides on a Cortex-M0, which has no long multiplication. */
#include "tp_row_blocks.h"

#if !defined(TP_DSP)
#include "tp_fixed.h"
#include "tp_requantize.h"

#if defined(__GNUC__)
#define TP_IN_ORDER(a, b) __asm__ volatile("" : "+r"(a), "+r"(b)::"memory")
#else
#define TP_IN_ORDER(a, b) ((void)0)
#endif

/* Both products of a tap: of 256 SA + SB, and of SB; sums may wrap on their way. Nothing is loaded ahead: a Cortex-M0
   has eight registers to calculate with. */
static inline void tap(uint32_t *both, uint32_t *low, int32_t x, int32_t half) {
  *both += (uint32_t)(x * half);
  *low += (uint32_t)(x * (int8_t)half);
  TP_IN_ORDER(*both, *low);
}

/* rows: the first word of a pair; the other pair's stand between. taps: a multiple of 4 -> 256 SA + SB, and above it SB */
static TP_APART uint64_t pair_sums(const int32_t *rows, const int32_t *start, const int8_t *x, int32_t taps) {
  uint32_t both = (uint32_t)tp_flash_s32(start);
  uint32_t low = (uint32_t)tp_flash_s32(start + 1);
  for (const int8_t *end = x + taps; x != end; x += 4, rows += 4) {
    int32_t word = tp_flash_s32(rows);
    tap(&both, &low, x[0], (int16_t)word);
    tap(&both, &low, x[2], word >> 16);
    word = tp_flash_s32(rows + 2);
    tap(&both, &low, x[1], (int16_t)word);
    tap(&both, &low, x[3], word >> 16);
  }
  return (uint64_t)low << 32 | both;
}

static inline void put(int8_t *output, int i, int32_t sum, int32_t multiplier, int32_t shift_less_1, int32_t zero_point) {
  const int32_t x = tp_rounding_shift_right(tp_doubling_high_mul(sum, multiplier), (int)(shift_less_1 & 31) + 1);
  output[i] = (int8_t)tp_clamp(x + zero_point, INT8_MIN, INT8_MAX);
}

/* taps: a multiple of 8; out_depth: of 4 -> output [out_depth] */
void tp_row_blocks(const int32_t *rows, const tp_column_t *columns, int32_t taps, int32_t out_depth, int32_t zero_point,
                   int8_t *output, int32_t count) {
  (void)count;
  for (int32_t c = 0; c < out_depth; c += TP_BLOCK) {
    const int32_t *factors = rows + 4 + taps;
    int32_t shifts = tp_flash_s32(factors + 4);
    for (int pair = 0; pair < 2; pair++, rows += 1, factors += 2, shifts >>= 16) {
      const uint64_t sums = pair_sums(rows + 4, rows + pair, columns, taps);
      const uint32_t low = (uint32_t)(sums >> 32);
      put(output, 0, (int32_t)((uint32_t)sums - low) >> 8, tp_flash_s32(factors), shifts, zero_point);
      put(output, 1, (int32_t)low, tp_flash_s32(factors + 1), shifts >> 8, zero_point);
      output += 2;
    }
    rows += taps + TP_BLOCK_WORDS - 2;
  }
}

#endif
