#include "tp_log_u64.h"

#include "tp_log2.h"

void tp_log_u64(const tp_log_u64_t *p, const uint32_t *input, const int32_t *exponent, int32_t *output) {
  /* The offset is brought to the input's scale. Were it above 2^62, the input would be moved down instead. */
  const int32_t scale = p->order * *exponent - p->up;
  const int32_t place = p->offset != 0 ? p->offset_exponent - scale : 0;
  const int32_t down = place > 30 ? place - 30 : 0;
  uint64_t offset = 0;
  if (place > 0) offset = (uint64_t)p->offset << (place - down);
  if (place <= 0 && place > -33) offset = (((uint64_t)p->offset << 1 >> -place) + 1) >> 1;
  const int64_t bias = p->bias + (int64_t)(scale + down) * TP_LOG2_ONE * p->factor;
  for (int32_t i = 0; i < p->length; i++) {
    uint64_t x = tp_joined(input + 2 * i);
    if (p->offset != 0) x = (down < 64 ? x << p->up >> down : 0) + offset;
    int32_t result = p->lowest;
    if (x != 0) {
      const int64_t scaled = ((int64_t)tp_log2(p->log2, x) * p->factor + bias) >> p->shift;
      result = (int32_t)(scaled < p->lowest ? p->lowest : scaled > p->highest ? p->highest : scaled);
    }
    output[i] = result;
  }
}
