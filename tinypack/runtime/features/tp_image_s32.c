#include "tp_image_s32.h"

void tp_image_s32(const tp_image_s32_t *p, const uint8_t *input, int32_t *output) {
  for (int32_t y = 0; y < p->height; y++) {
    const int32_t row = tp_flash_s32(p->rows + y);
    for (int32_t x = 0; x < p->width; x++) {
      int32_t level[3];
      tp_image_at(p, input, row, tp_flash_s32(p->columns + x), level);
      for (int32_t c = 0; c < p->channels; c++) {
        *output++ = level[c];
      }
    }
  }
}
