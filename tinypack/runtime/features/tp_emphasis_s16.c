#include "tp_emphasis_s16.h"

#include "tp_fixed.h"

static void weight(const tp_emphasis_s16_t *p, int32_t *x) {
  if (p->window != NULL)
    for (int32_t i = 0; i < p->frame; i++) x[i] = tp_mul_high(2 * x[i], p->window[i]);
}

/* 9 instructions for two samples, and 2 for the loop over four. */
#define TWO_DIFFERENCES                   \
  "ldrsh %[first], [%[x]], #2\n"  \
  "smmul %[a], %[last], %[factor]\n"  \
  "lsl %[first], %[first], %[up]\n"  \
  "ldrsh %[last], [%[x]], #2\n"  \
  "smmul %[b], %[first], %[factor]\n"  \
  "lsl %[last], %[last], %[up]\n"  \
  "rsb %[a], %[a], %[first], asr #1\n"  \
  "rsb %[b], %[b], %[last], asr #1\n"  \
  "strd %[a], %[b], [%[y]], #8\n"

/* Samples * 2^(up - 1) less factor times the one before, of which `last` is twice the first. */
static void differences(const int16_t *x, int32_t length, int32_t up, int32_t factor, int32_t last, int32_t *y) {
#ifdef TP_DSP
  int32_t first, a, b;
  for (int32_t left = length >> 2; left > 0; left--) {
    __asm__ volatile(TWO_DIFFERENCES TWO_DIFFERENCES
                     : [x] "+&r"(x), [y] "+&r"(y), [last] "+&r"(last), [first] "=&r"(first), [a] "=&r"(a), [b] "=&r"(b)
                     : [up] "r"(up), [factor] "r"(factor)
                     : "memory");
  }
  length &= 3;
#endif
  for (; length > 0; length--) {
    const int32_t sample = tp_shift_left(*x++, up - 1);
    *y++ = sample - tp_mul_high(last, factor);
    last = 2 * sample;
  }
}

void tp_emphasis_s16(const tp_emphasis_s16_t *p, int16_t *before, const int16_t *input, int32_t *output,
                     int32_t *exponent) {
  const uint32_t size = tp_size(*before) | tp_size_s16(input, p->frame) | 1;
  const int32_t up = tp_leading_zeros_32(size) - 5; /* a difference may need one bit more than a sample */
  differences(input, p->frame, up + 1, p->factor, tp_shift_left(*before, up + 1), output);
  weight(p, output);
  for (int32_t i = p->frame; i < p->length; i++) output[i] = 0;
  *before = input[p->hop - 1];
  *exponent = -up;
}
