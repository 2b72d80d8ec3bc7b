#include "tp_cmvn_s32.h"

#include "tp_sqrt.h"

void tp_cmvn_s32(const tp_cmvn_s32_t *p, int32_t *past, int64_t *sum, int64_t *squares, int32_t *place,
                 const int32_t *input, int32_t *output) {
  int32_t *const slot = past + place[0] * p->length; /* zeros until the ring is full */
  place[0] = place[0] + 1 < p->frames ? place[0] + 1 : 0;
  place[1] = place[1] < p->frames ? place[1] + 1 : p->frames;
  const int32_t count = place[1];
  for (int32_t i = 0; i < p->length; i++) {
    const int32_t x = input[i] >> p->down, old = slot[i];
    slot[i] = x;
    sum[i] += x - old;
    squares[i] += (int64_t)x * x - (int64_t)old * old;
    const int64_t from_mean = (int64_t)count * x - sum[i];
    int64_t result = from_mean / count;
    if (p->variance) {
      /* The root has 31 bits also where the deviation is small. No feature is farther off than sqrt(count) of it. */
      const uint64_t spread = (uint64_t)(count * squares[i] - sum[i] * sum[i]);
      const int32_t up = spread != 0 ? (tp_leading_zeros_64(spread) - 2) / 2 : 0;
      const uint32_t deviation = tp_sqrt_64(spread << (2 * up));
      result = deviation != 0 ? from_mean * ((int64_t)65536 << up) / deviation : 0;
    }
    output[i] = (int32_t)result;
  }
}
