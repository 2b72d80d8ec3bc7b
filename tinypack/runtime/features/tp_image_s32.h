#ifndef TP_IMAGE_S32_H
#define TP_IMAGE_S32_H

#include "tp_image.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef tp_image_t tp_image_s32_t;

/* input [source height * row_bytes], whole image -> output [height * width * channels]: resized, levels 0..255. */
void tp_image_s32(const tp_image_s32_t *p, const uint8_t *input, int32_t *output);

#ifdef __cplusplus
}
#endif
#endif
