#include "tp_signal_rescale_s8.h"

void tp_signal_rescale_s8(const tp_signal_rescale_s8_t *p, const int32_t *input, int8_t *output) {
  const tp_signal_rescale_s8_t own = *p; /* no write can change it, for all that a compiler knows */
  for (int32_t i = 0; i < own.length; i++) {
    const int32_t quotient = (input[i] * own.multiplier + own.addend) / own.divisor;
    output[i] = (int8_t)tp_clamp(quotient + own.offset, own.lowest, own.highest);
  }
}
