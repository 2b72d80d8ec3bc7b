#include "tp_log_u64.h"

#include "tp_two_words.h"
#include "tp_log2.h"

#define OF_NOTHING -1 /* no other logarithm is negative */

/* Two loops of few variables each: one of all would have to load most of them. */
static TP_APART void logarithms(const tp_log_u64_t *p, const uint32_t *input, int32_t down, uint64_t offset,
                                int32_t *output) {
  const int32_t *const table = p->log2, *x = (const int32_t *)input;
  const int32_t up = p->offset != 0 ? p->up : -1;
  for (const int32_t *const end = output + p->length; output < end;) {
    int32_t low, high;
    tp_take_s32(&x, &low, &high);
    if (up >= 0) {
      const uint64_t all = (uint64_t)(uint32_t)high << 32 | (uint32_t)low;
      const uint64_t sum = (down < 64 ? all << up >> down : 0) + offset;
      high = (int32_t)(sum >> 32);
      low = (int32_t)sum;
    }
    *output++ = (high | low) != 0 ? tp_log2(table, (uint32_t)high, (uint32_t)low) : OF_NOTHING;
  }
}

static TP_APART void scale_all(const tp_log_u64_t *p, int64_t bias, int32_t *output) {
  const int32_t factor = p->factor, shift = p->shift, lowest = p->lowest, highest = p->highest;
  for (const int32_t *const end = output + p->length; output < end; output++) {
    int32_t result = lowest;
    if (*output >= 0) {
      result = tp_clamp(tp_shift_right_64(tp_add_product(bias, *output, factor), shift), lowest, highest);
    }
    *output = result;
  }
}

void tp_log_u64(const tp_log_u64_t *p, const uint32_t *input, const int32_t *exponent, int32_t *output) {
  /* The offset is brought to the input's scale. Were it above 2^62, the input would be moved down instead. */
  const int32_t scale = p->order * *exponent - p->up;
  const int32_t place = p->offset != 0 ? p->offset_exponent - scale : 0;
  const int32_t down = place > 30 ? place - 30 : 0;
  uint64_t offset = 0;
  if (place > 0) offset = (uint64_t)p->offset << (place - down);
  if (place <= 0 && place > -33) offset = (((uint64_t)p->offset << 1 >> -place) + 1) >> 1;
  const int64_t bias = p->bias + (int64_t)(scale + down) * TP_LOG2_ONE * p->factor;
  logarithms(p, input, down, offset, output);
  scale_all(p, bias, output);
}
