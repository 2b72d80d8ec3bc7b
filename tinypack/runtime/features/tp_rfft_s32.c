#include "tp_rfft_s32.h"

#include "tp_rfft_first_dsp.h"
#include "tp_rfft_split_dsp.h"
#include "tp_rfft_steps.h"
#include "tp_rfft_steps_dsp.h"

/* N real values are taken as n = N / 2 complex ones, transformed by radix-4 steps, and split into the N / 2 + 1 bins.
   Every step first moves the values up to the top of 32 bits, as far as the largest allows, and then divides by 4, so
   that nothing overflows and little is rounded away. "size" is the OR of all tp_size() of the values at hand.
   On a Cortex-M4 four numbers take a step 84 instructions, and two the split 33; in portable C, 115 and 51. */

/* How far values of a size can move up, so that they stay below 2^bits. */
static int32_t headroom(uint32_t size, int32_t bits) {
  const int32_t up = size != 0 ? tp_leading_zeros_32(size) - (32 - bits) : 0;
  return up > 0 ? up : 0;
}

static void split(const int32_t *w, int32_t *z, int32_t n, int32_t up) {
  const int64_t first_re = tp_shift_left(z[0], up), first_im = tp_shift_left(z[1], up);
  z[0] = (int32_t)((first_re + first_im + 1) >> 1);
  z[1] = 0;
  z[2 * n] = (int32_t)((first_re - first_im + 1) >> 1);
  z[2 * n + 1] = 0;
  tp_rfft_split(w, z + 2, z + 2 * n - 2, up);
}

void tp_rfft_s32(const tp_rfft_s32_t *p, const int32_t *input, const int32_t *exponent, int32_t *output,
                 int32_t *output_exponent) {
  const int32_t n = p->length / 2;
  int32_t scale = *exponent;
  for (int32_t i = 0; output != input && i < 2 * n; i++) output[i] = input[i];
  /* 0x5555 has a bit for each power of 4. */
  int32_t part = (n & 0x5555) != 0 ? 4 : 2;
  uint32_t size = part == 4 ? tp_rfft_first_of_4(output, n) : tp_rfft_first_of_2(output, n);
  for (; part < n; part *= 4) {
    const int32_t up = headroom(size, 30);
    size = tp_rfft_step_of_4(p, output, part, up);
    scale += 2 - up;
  }
  const int32_t down = size >> 30 != 0; /* sums of two values must fit */
  for (int32_t i = 0; down && i < 2 * n; i++) output[i] >>= 1;
  const int32_t up = headroom(size, 30);
  split(p->twiddle, output, n, up);
  *output_exponent = scale + 1 - up + down;
}
