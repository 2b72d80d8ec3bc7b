/* Softmax: 352 instructions an element on a Cortex-M4, 747 on a Cortex-M0. */
#include "tp_cold.h"

#include "tp_softmax_s8.h"

#include "tp_fixed.h"
#include "tp_requantize.h"

#define ONE INT32_MAX /* in Q0.31 */

/* A function of its own: a dozen of them in line would take more flash than all the rest. */
TP_APART static int32_t mul(int32_t a, int32_t b) {
  return tp_doubling_high_mul(a, b);
}

/* e^x for x <= 0. x: Q5.26 -> Q0.31, in the fixed-point steps of TensorFlow Lite Micro's softmax:
   a polynomial around -1/8 for the part in [-1/4, 0), times powers e^(-2^i) for the bits above. */
static int32_t exp_of_negative(int32_t x) {
  static const int32_t powers[7] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
  const int32_t quarter = (int32_t)1 << 24;
  const int32_t part = (int32_t)((uint32_t)x & (uint32_t)(quarter - 1)) - quarter;
  const int32_t bits = part - x;
  const int32_t y = part * 32 + ((int32_t)1 << 28);
  const int32_t y2 = mul(y, y);
  const int32_t y3 = mul(y2, y);
  const int32_t y4 = mul(y2, y2);
  const int32_t third = mul(tp_rounding_shift_right(y4, 2) + y3, 715827883) + y2;
  int32_t result = 1895147668 + mul(y + tp_rounding_shift_right(third, 1), 1895147668);
  for (int i = 0; i < 7; i++) {
    if (((bits >> (24 + i)) & 1) != 0) {
      result = mul(result, powers[i]);
    }
  }
  return x == 0 ? ONE : result;
}

/* 1 / (1 + x) for x in [0, 1), Q0.31, by three Newton steps in Q2.29. */
static int32_t one_over_one_plus(int32_t x) {
  const int32_t half = (int32_t)(((int64_t)x + ONE + 1) / 2);
  int32_t y = 1515870810 - mul(half, 1010580540);
  for (int i = 0; i < 3; i++) {
    const int32_t rest = ((int32_t)1 << 29) - mul(half, y);
    y += mul(y, rest) * 4;
  }
  return y > ONE / 2 ? ONE : y * 2;
}

static int32_t exp_of_difference(const tp_softmax_s8_t *p, int32_t difference) {
  return exp_of_negative(mul(difference * (int32_t)((uint32_t)1 << p->shift), p->multiplier));
}

static void softmax_row(const tp_softmax_s8_t *p, const int8_t *input, int8_t *output) {
  int32_t largest = INT8_MIN;
  int32_t sum = 0; /* Q12.19, below 2^31: at most 4095 classes */
  int32_t scale;
  int headroom;
  for (int32_t c = 0; c < p->classes; c++) {
    largest = input[c] > largest ? input[c] : largest;
  }
  for (int32_t c = 0; c < p->classes; c++) {
    if (input[c] - largest >= p->least_difference) {
      sum += tp_rounding_shift_right(exp_of_difference(p, input[c] - largest), 12);
    }
  }
  headroom = (int)tp_leading_zeros_32((uint32_t)sum);
  scale = one_over_one_plus((int32_t)(((uint32_t)sum << headroom) - 0x80000000u));
  for (int32_t c = 0; c < p->classes; c++) {
    int32_t probability = 0;
    if (input[c] - largest >= p->least_difference) {
      const int32_t product = mul(scale, exp_of_difference(p, input[c] - largest));
      const int exponent = 35 - headroom;
      probability = exponent > 31 ? 0 : tp_rounding_shift_right(product, exponent);
    }
    output[c] = (int8_t)tp_clamp(probability + INT8_MIN, INT8_MIN, INT8_MAX);
  }
}

void tp_softmax_s8(const tp_softmax_s8_t *p, const int8_t *input, int8_t *output) {
  for (int32_t r = 0; r < p->rows; r++) {
    softmax_row(p, input + r * p->classes, output + r * p->classes);
  }
}
