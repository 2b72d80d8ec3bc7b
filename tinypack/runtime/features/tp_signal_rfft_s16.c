#include "tp_signal_rfft_s16.h"

#include "tp_signal_rfft_steps.h"
#include "tp_signal_rfft_steps_dsp.h"

/* Pairs of samples are taken as n = length / 2 complex numbers, transformed by radix-4 steps that divide by 4 each, and
   split into the bins of real values. The order of all roundings is kissfft's, as in TensorFlow Lite Micro; what is
   left out is what can't change a bit: by a quarter of 16 bits, multiplication with the first twiddle, 32767 / 32768,
   rounds to the number itself. Sums keep their lower 16 bits.
   On a Cortex-M4 four numbers take a step 45 instructions, and two the split 26; in portable C, about twice as many. */

static int32_t over_2(int32_t x) {
  return ((1 << 14) + x * (INT16_MAX / 2)) >> 15;
}

void tp_signal_rfft_s16(const tp_signal_rfft_s16_t *p, const int16_t *input, int16_t *output) {
  const int32_t n = p->length / 2;
  int32_t part = 4;
  /* 0x5555 has a bit for each power of 4. */
  if ((n & 0x5555) != 0) {
    tp_signal_first_of_4(p, input, output);
  } else {
    tp_signal_first_of_2(p, input, output);
    part = 2;
  }
  for (; part < n; part *= 4) tp_signal_step_of_4(p, output, part);
  const int32_t first_re = over_2(output[0]), first_im = over_2(output[1]);
  output[0] = (int16_t)(first_re + first_im);
  output[1] = 0;
  output[2 * n] = (int16_t)(first_re - first_im);
  output[2 * n + 1] = 0;
  tp_signal_split(p->split_twiddle, output + 2, output + 2 * (n - 1));
}
