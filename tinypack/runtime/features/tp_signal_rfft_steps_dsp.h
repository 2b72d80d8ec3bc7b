/* The steps of the transform of tp_signal_rfft_s16.c in the DSP extension's instructions: a complex number is a word,
   its real part the lower half. */
#ifndef TP_SIGNAL_RFFT_STEPS_DSP_H
#define TP_SIGNAL_RFFT_STEPS_DSP_H

#include "tp_fixed.h"
#include "tp_halves.h"
#include "tp_signal_rfft_s16.h"

#ifdef TP_DSP

#define TP_QUARTER (2 * (INT16_MAX / 4)) /* twice, so that quotients are upper halves */
#define TP_HALF (2 * (INT16_MAX / 2))

/* Both parts times a factor / 2^16, rounded to nearest: 3 instructions. */
static TP_INLINE uint32_t tp_signal_over(uint32_t z, int32_t factor, int32_t half) {
  uint32_t re, im;
  __asm__("smlabb %0, %1, %2, %3" : "=r"(re) : "r"(z), "r"(factor), "r"(half));
  __asm__("smlatb %0, %1, %2, %3" : "=r"(im) : "r"(z), "r"(factor), "r"(half));
  return tp_pack_upper(im, re);
}

/* z times a twiddle, Q15, rounded to nearest: 4 instructions. */
static TP_INLINE uint32_t tp_signal_turned(uint32_t z, uint32_t twiddle, int32_t half) {
  uint32_t re, im;
  __asm__("smlsd %0, %1, %2, %3" : "=r"(re) : "r"(z), "r"(twiddle), "r"(half >> 1));
  __asm__("smladx %0, %1, %2, %3" : "=r"(im) : "r"(z), "r"(twiddle), "r"(half >> 1));
  __asm__("pkhtb %0, %1, %2, asr #15" : "=r"(re) : "r"(im << 1), "r"(re));
  return re;
}

/* Four numbers, of which three are turned and all divided by 4, become sums: 12 instructions with the stores. */
static TP_INLINE void tp_signal_butterfly(int16_t *z, int32_t step, uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
  const uint32_t even = tp_add_halves(a, c), cross = tp_subtract_halves(a, c);
  const uint32_t odd = tp_add_halves(b, d), turn = tp_subtract_halves(b, d);
  uint32_t second, fourth;
  __asm__("ssax %0, %1, %2" : "=r"(second) : "r"(cross), "r"(turn));
  __asm__("sasx %0, %1, %2" : "=r"(fourth) : "r"(cross), "r"(turn));
  tp_store_halves(z, tp_add_halves(even, odd));
  tp_store_halves(z + step, second);
  tp_store_halves(z + 2 * step, tp_subtract_halves(even, odd));
  tp_store_halves(z + 3 * step, fourth);
}

/* Zeros follow the samples. */
static TP_APART uint32_t tp_signal_pair(const tp_signal_rfft_s16_t *p, const int16_t *x, int32_t i) {
  if (2 * i + 1 < p->samples) return tp_load_halves(x + 2 * i);
  return 2 * i < p->samples ? (uint16_t)x[2 * i] : 0;
}

/* The place that follows: its digits of base 4 are a counter's in reversed order, 3 digit the last of them. */
static inline int32_t tp_signal_next_place(int32_t place, int32_t digit) {
  while ((place & (3 * digit)) == 3 * digit && digit != 0) {
    place -= 3 * digit;
    digit >>= 2;
  }
  return place + (digit != 0 ? digit : 1);
}

/* Pairs of samples, and zeros behind, in the order of reversed digits, and the first step of 4: 50 instructions for
   four numbers. */
static void tp_signal_first_of_4(const tp_signal_rfft_s16_t *p, const int16_t *x, int16_t *z) {
  const int32_t quarter = p->length / 8, half = 1 << 15;
  int32_t place = 0;
  for (int32_t i = 0; i < quarter; i++) {
    const int16_t *const pair = x + 2 * i;
    uint32_t a, b, c, d;
    if (2 * (i + 3 * quarter) + 1 < p->samples) {
      a = tp_load_halves(pair);
      b = tp_load_halves(pair + 2 * quarter);
      c = tp_load_halves(pair + 4 * quarter);
      d = tp_load_halves(pair + 6 * quarter);
    } else {
      a = tp_signal_pair(p, x, i);
      b = tp_signal_pair(p, x, i + quarter);
      c = tp_signal_pair(p, x, i + 2 * quarter);
      d = tp_signal_pair(p, x, i + 3 * quarter);
    }
    tp_signal_butterfly(z + 2 * place, 2, tp_signal_over(a, TP_QUARTER, half), tp_signal_over(b, TP_QUARTER, half),
                        tp_signal_over(c, TP_QUARTER, half), tp_signal_over(d, TP_QUARTER, half));
    place = tp_signal_next_place(place, quarter);
  }
}

/* The same with a first step of 2. */
static void tp_signal_first_of_2(const tp_signal_rfft_s16_t *p, const int16_t *x, int16_t *z) {
  const int32_t n = p->length / 2, half = 1 << 15;
  int32_t place = 0;
  for (int32_t i = 0; i < n / 2; i++) {
    const uint32_t a = tp_signal_over(tp_signal_pair(p, x, i), TP_HALF, half);
    const uint32_t b = tp_signal_over(tp_signal_pair(p, x, i + n / 2), TP_HALF, half);
    tp_store_halves(z + 2 * place, tp_add_halves(a, b));
    tp_store_halves(z + 2 * place + 2, tp_subtract_halves(a, b));
    place = tp_signal_next_place(place, n / 4);
  }
}

/* In assembly, as compilers load again what the registers have room for. r0: the first of four numbers; r1: bytes to
   the next; r2, r3, lr: twiddles; r12, r9, r10: TP_QUARTER, 2^15, 2^14; r11: where numbers end. */

#define TP_LOADED                          \
  "ldr r4, [r0]\n"                         \
  "ldr r5, [r0, r1]\n"                     \
  "ldr r6, [r0, r1, lsl #1]\n"             \
  "add r7, r0, r1\n"                       \
  "ldr r7, [r7, r1, lsl #1]\n" TP_OVER("r4") TP_OVER("r5") TP_OVER("r6") TP_OVER("r7")

#define TP_OVER(z)                         \
  "smlabb r8, " z ", r12, r9\n"            \
  "smlatb " z ", " z ", r12, r9\n"         \
  "pkhtb " z ", " z ", r8, asr #16\n"

#define TP_TURNED(z, w)                    \
  "smlsd r8, " z ", " w ", r10\n"          \
  "smladx " z ", " z ", " w ", r10\n"      \
  "lsl " z ", " z ", #1\n"                 \
  "pkhtb " z ", " z ", r8, asr #15\n"

#define TP_SUMS                            \
  "sadd16 r8, r4, r6\n"                    \
  "ssub16 r4, r4, r6\n"                    \
  "sadd16 r6, r5, r7\n"                    \
  "ssub16 r5, r5, r7\n"                    \
  "sadd16 r7, r8, r6\n"                    \
  "ssub16 r8, r8, r6\n"                    \
  "ssax r6, r4, r5\n"                      \
  "sasx r4, r4, r5\n"                      \
  "add r5, r0, r1\n"                       \
  "str r7, [r0]\n"                         \
  "str r6, [r0, r1]\n"                     \
  "str r8, [r0, r1, lsl #1]\n"             \
  "str r4, [r5, r1, lsl #1]\n"             \
  "add r0, r0, r1, lsl #2\n"

typedef struct {
  int32_t bytes; /* of `part` numbers */
  int16_t *end;
  const int16_t *twiddle;
  int32_t stride; /* bytes from one twiddle to the next */
} tp_signal_step_t;

/* Four transforms of `part` numbers each become one, and so on along z: 45 instructions for four numbers and 13 for a
   twiddle, 33 for four where it is 1. */
static TP_ASSEMBLY void tp_signal_butterflies(int16_t *z TP_UNUSED, const tp_signal_step_t *s TP_UNUSED) {
  __asm__(
      "push {r4-r11, lr}\n"
      "sub sp, sp, #20\n"
      "ldrd r4, r5, [r1, #8]\n"
      "ldrd r1, r11, [r1]\n"
      "mov r6, #0\n"
      "sub r7, r11, r0\n"
      "sub r7, r7, #4\n"
      "add r8, r11, r1\n"
      "strd r4, r6, [sp]\n"     /* twiddles, bytes to the current one */
      "strd r5, r7, [sp, #8]\n" /* stride, bytes of all numbers less those to the next twiddle's */
      "str r8, [sp, #16]\n"     /* where the last twiddle's numbers end */
      "movw r12, #16382\n"
      "mov r9, #32768\n"
      "mov r10, #16384\n"
      "1:\n" TP_LOADED TP_SUMS
      "cmp r0, r11\n"
      "bcc 1b\n"
      "b 3f\n"
      "2:\n" TP_LOADED TP_TURNED("r5", "r2") TP_TURNED("r6", "r3") TP_TURNED("r7", "lr") TP_SUMS
      "cmp r0, r11\n"
      "bcc 2b\n"
      "3:\n"
      "ldr r4, [sp, #16]\n"
      "add r11, r11, #4\n"
      "cmp r11, r4\n"
      "bcs 4f\n"
      "ldrd r4, r5, [sp]\n"
      "ldrd r6, r7, [sp, #8]\n"
      "add r5, r5, r6\n"
      "str r5, [sp, #4]\n"
      "ldr r2, [r4, r5]\n"
      "ldr r3, [r4, r5, lsl #1]\n"
      "add r4, r4, r5\n"
      "ldr lr, [r4, r5, lsl #1]\n"
      "sub r0, r0, r7\n"
      "b 2b\n"
      "4:\n"
      "add sp, sp, #20\n"
      "pop {r4-r11, pc}\n");
}

static void tp_signal_step_of_4(const tp_signal_rfft_s16_t *p, int16_t *z, int32_t part) {
  const tp_signal_step_t step = {4 * part, z + p->length, p->twiddle, p->length / (2 * part)};
  tp_signal_butterflies(z, &step);
}

/* Bins k and n - k, 0 < k, from the transforms of the even and of the odd samples, which stand folded into z[k] and
   z[n - k]: 26 instructions for the two. */
static void tp_signal_split(const int16_t *w, int16_t *low, int16_t *high) {
  const int32_t half = 1 << 15;
  for (; low <= high; low += 2, high -= 2, w += 2) {
    const uint32_t near = tp_signal_over(tp_load_halves(low), TP_HALF, half), other = tp_load_halves(high);
    const uint32_t far = tp_signal_over(tp_join_halves(other, tp_subtract_halves(0, other)), TP_HALF, half);
    const uint32_t even = tp_add_halves(near, far), odd = tp_subtract_halves(near, far);
    const uint32_t turned = tp_signal_turned(odd, tp_load_halves(w), half);
    uint32_t sum, even_less, odd_less;
    __asm__("shadd16 %0, %1, %2" : "=r"(sum) : "r"(even), "r"(turned));
    __asm__("shsub16 %0, %1, %2" : "=r"(even_less) : "r"(even), "r"(turned));
    __asm__("shsub16 %0, %1, %2" : "=r"(odd_less) : "r"(turned), "r"(even));
    tp_store_halves(low, sum);
    tp_store_halves(high, tp_join_halves(even_less, odd_less));
  }
}

#endif
#endif
