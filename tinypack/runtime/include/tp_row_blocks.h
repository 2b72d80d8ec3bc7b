/* Weighted sums and their requantisation for TP_COLUMNS columns of inputs at once, which a kernel
   gathers. Columns take runs of a multiple of TP_COLUMN_UNIT taps, and single taps. */
#ifndef TP_ROW_BLOCKS_H
#define TP_ROW_BLOCKS_H

#include "tp_rows.h"

#if defined(TP_MVE)
#include "tp_row_blocks_mve.h"
#elif defined(TP_DSP)
#include "tp_row_blocks_dsp.h"
#else
#include "tp_row_blocks_c.h"
#endif
#endif
