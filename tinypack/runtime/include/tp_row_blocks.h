/* Weighted sums and their requantisation for one or two columns of inputs, which a kernel gathers. */
#ifndef TP_ROW_BLOCKS_H
#define TP_ROW_BLOCKS_H

#include "tp_rows.h"

#if defined(TP_DSP)
#include "tp_row_blocks_dsp.h"
#else
#include "tp_row_blocks_c.h"
#endif
#endif
