#ifndef TP_IMAGE_S8_H
#define TP_IMAGE_S8_H

#include "tp_image.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef tp_image_t tp_image_s8_t;

/* input [source height * row_bytes], whole image -> output [height * width * channels]: resized, each level looked up. */
void tp_image_s8(const tp_image_s8_t *p, const uint8_t *input, int8_t *output);

#ifdef __cplusplus
}
#endif
#endif
