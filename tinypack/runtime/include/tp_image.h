/* A pixel of the resized image, as levels 0..255: what the image kernels share. */
#ifndef TP_IMAGE_H
#define TP_IMAGE_H

#include "tp_common.h"

/* A place is an index into the source times 2^13, plus the weight 0..4096 of the pixel behind it; -1: outside. */
#define TP_IMAGE_INDEX_BITS 13
#define TP_IMAGE_ONE 4096

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const int32_t *rows;    /* [height] in flash: places in the source */
  const int32_t *columns; /* [width] in flash, as rows */
  const int8_t *lookup;   /* [256] or [channels][256] in flash: a level's value; not read by tp_image_s32 */
  int32_t lookup_step;    /* from a channel's values to the next one's: 0 or 256 */
  int32_t height;         /* of the output, pixels */
  int32_t width;          /* as height */
  int32_t channels;       /* of the output: 1 grey, 3 colours */
  int32_t first;          /* where the output has its red: 0, or 2 for BGR */
  int32_t pixel_bytes;    /* of the source: 1 grey, 2 RGB565, 3 colours */
  int32_t red;            /* which byte of a source pixel has its red, 0..2 */
  int32_t row_bytes;      /* of the source */
  int32_t next_row;       /* bytes to the neighbour below: row_bytes, or 0 where there is none */
  int32_t next_column;    /* bytes to the neighbour on the right: pixel_bytes, or 0 */
  int32_t bilinear;       /* 0: weights are not looked at */
  int32_t fill;           /* level outside the source, 0..255 */
} tp_image_t;

/* One source pixel as levels [channels]. Five and six bits become eight by repeating the highest ones. */
static inline void tp_image_pixel(const tp_image_t *p, const uint8_t *at, int32_t *level) {
  if (p->pixel_bytes == 1) {
    level[0] = level[1] = level[2] = at[0];
    return;
  }
  int32_t r, g, b;
  if (p->pixel_bytes == 2) {
    const int32_t high = at[p->red], low = at[p->red ^ 1];
    const int32_t six = (high & 7) << 3 | low >> 5, five = low & 31;
    r = (high & 0xf8) | high >> 5;
    g = six << 2 | six >> 4;
    b = five << 3 | five >> 2;
  } else {
    r = at[p->red];
    g = at[1];
    b = at[2 - p->red];
  }
  if (p->channels == 1) {
    level[0] = (19595 * r + 38470 * g + 7471 * b + 32768) >> 16; /* BT.601, of 2^16 */
  } else {
    level[p->first] = r;
    level[1] = g;
    level[2 - p->first] = b;
  }
}

/* Source image -> levels [3] at a place of the output, of which [channels] count. */
static inline void tp_image_at(const tp_image_t *p, const uint8_t *input, int32_t row, int32_t column, int32_t *level) {
  if (row < 0 || column < 0) {
    level[0] = level[1] = level[2] = p->fill;
    return;
  }
  const uint8_t *at =
      input + (row >> TP_IMAGE_INDEX_BITS) * p->row_bytes + (column >> TP_IMAGE_INDEX_BITS) * p->pixel_bytes;
  tp_image_pixel(p, at, level);
  if (p->bilinear) {
    const int32_t mask = ((int32_t)1 << TP_IMAGE_INDEX_BITS) - 1;
    const uint32_t down = (uint32_t)(row & mask), right = (uint32_t)(column & mask);
    int32_t beside[3], below[3], across[3];
    tp_image_pixel(p, at + p->next_column, beside);
    tp_image_pixel(p, at + p->next_row, below);
    tp_image_pixel(p, at + p->next_row + p->next_column, across);
    for (int32_t c = 0; c < p->channels; c++) {
      const uint32_t top = (uint32_t)level[c] * (TP_IMAGE_ONE - right) + (uint32_t)beside[c] * right;
      const uint32_t bottom = (uint32_t)below[c] * (TP_IMAGE_ONE - right) + (uint32_t)across[c] * right;
      level[c] = (int32_t)((top * (TP_IMAGE_ONE - down) + bottom * down + ((uint32_t)1 << 23)) >> 24); /* below 2^32 */
    }
  }
}

#ifdef __cplusplus
}
#endif
#endif
