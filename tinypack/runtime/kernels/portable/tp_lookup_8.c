#include "tp_lookup_8.h"

void tp_lookup_8(const tp_lookup_8_t *p, const void *input, void *output) {
  const uint8_t *from = (const uint8_t *)input;
  uint8_t *to = (uint8_t *)output;
  for (int32_t i = 0; i < p->elements; i++) {
    to[i] = tp_flash_u8(&p->table[from[i]]);
  }
}
