#include "tp_signal_clip_u32.h"

void tp_signal_clip_u32(const tp_signal_clip_u32_t *p, const uint32_t *input, int32_t *output) {
  for (int32_t i = 0; i < p->length; i++) output[i] = (int32_t)(input[i] < UINT16_MAX ? input[i] : UINT16_MAX);
}
