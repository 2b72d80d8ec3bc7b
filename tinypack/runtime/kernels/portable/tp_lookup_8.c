/* Functions of one byte: 7 instructions an element. */
#include "tp_lookup_8.h"

void tp_lookup_8(const tp_lookup_8_t *p, const void *input, void *output) {
  const uint8_t *table = p->table; /* read once: for all the compiler knows, the output may lie over p */
  const uint8_t *from = (const uint8_t *)input;
  uint8_t *to = (uint8_t *)output;
  const int32_t elements = p->elements;
  for (int32_t i = 0; i < elements; i++) {
    to[i] = tp_flash_u8(&table[from[i]]);
  }
}
