/* Outputs of transformed weights and inputs, as tp_winograd_dsp.h describes them. */
#ifndef TP_WINOGRAD_BLOCK_DSP_H
#define TP_WINOGRAD_BLOCK_DSP_H

#include "tp_common.h"

#if defined(TP_DSP) && !defined(TP_MVE)
#ifdef __cplusplus
extern "C" {
#endif

/* Four outputs of a row, out_depth bytes apart, for `channels` channels. pairs: of taps, a multiple of 4 */
void tp_winograd_block(const int32_t *rows, const int32_t *inputs, int32_t pairs, int32_t out_depth, int32_t zero_point,
                       int8_t *output, int32_t channels);

#ifdef __cplusplus
}
#endif
#endif
#endif
