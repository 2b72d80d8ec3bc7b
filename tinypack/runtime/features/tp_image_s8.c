#include "tp_image_s8.h"

void tp_image_s8(const tp_image_s8_t *p, const uint8_t *input, int8_t *output) {
  for (int32_t y = 0; y < p->height; y++) {
    const int32_t row = tp_flash_s32(p->rows + y);
    for (int32_t x = 0; x < p->width; x++) {
      int32_t level[3];
      tp_image_at(p, input, row, tp_flash_s32(p->columns + x), level);
      const int8_t *lookup = p->lookup;
      for (int32_t c = 0; c < p->channels; c++) {
        *output++ = tp_flash_s8(lookup + level[c]);
        lookup += p->lookup_step;
      }
    }
  }
}
