#include "tp_distance_s8.h"

#include "tp_ratio.h"

/* Square root, rounded down. x: 0..2^46 - 1 */
static int32_t root(int64_t x) {
  int32_t found = 0;
  for (int32_t bit = (int32_t)1 << 22; bit != 0; bit >>= 1) {
    const int32_t tried = found | bit;
    found = (int64_t)tried * tried <= x ? tried : found;
  }
  return found;
}

static int64_t squared_distance(const int8_t *input, const int16_t *centre, const uint16_t *weight,
                                const uint8_t *shift, int32_t length) {
  int64_t sum = 0;
  for (int32_t i = 0; i < length; i++) {
    const int32_t apart = (int32_t)input[i] * 128 - centre[i];
    const int32_t weighted = (apart * (int32_t)weight[i] + ((int32_t)1 << shift[i] >> 1)) >> shift[i];
    sum += (int64_t)weighted * weighted;
  }
  return sum;
}

void tp_distance_s8(const tp_distance_s8_t *p, const int8_t *input, int32_t *score) {
  int64_t least = p->cap;
  for (int32_t c = 0; c < p->centres; c++) {
    const int32_t row = p->own_weights ? c * p->length : 0;
    const int64_t sum = p->offset[c] + squared_distance(input, p->centre + c * p->length, p->weight + row,
                                                        p->weight_shift + row, p->length);
    const int64_t squared = tp_ratio(sum, p->most[c], p->drop[c], p->multiplier[c], p->shift[c], p->cap);
    least = squared < least ? squared : least;
  }
  score[0] = root(least);
}
