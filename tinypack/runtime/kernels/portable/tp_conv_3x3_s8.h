#ifndef TP_CONV_3X3_S8_H
#define TP_CONV_3X3_S8_H

#include "tp_conv_2d_packed_s8.h"
#include "tp_winograd_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* 3x3 filters, stride 1, SAME padding; in_w is a multiple of 4, in_depth of 8. in_ram: output channels whose weights
   are transformed in scratch memory at once; it divides out_depth. With all of them the output may lie over the input as
   that of tp_conv_2d_packed_s8 may, otherwise it lies apart. */
typedef tp_conv_2d_packed_s8_t tp_conv_3x3_s8_t;

/* The same outputs as tp_conv_2d_packed_s8; scratch: (16 * rows + 1) * in_depth + (24 * in_depth + 14) * in_ram bytes,
   where rows is 3 for all output channels at once, otherwise 5 */
void tp_conv_3x3_s8(const tp_conv_3x3_s8_t *p, const int8_t *input, int8_t *output, void *scratch);

#ifdef __cplusplus
}
#endif
#endif
