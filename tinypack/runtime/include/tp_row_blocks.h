/* Weighted sums of four output channels at a time, for one or two columns of inputs, and their requantisation.

   `rows` is a stream of words, for each block of four output channels A, B, C, D:
     256 bias A + bias B, bias B, 256 bias C + bias D, bias D     the biases have -input zero point * sum of weights folded in
     for each two taps: the words of A and B, of C and D          halves 256 wA + wB, the first tap in the lower
     multipliers of A, B, C, D                                    Q31
     right shifts of A, B, C, D less 1                            bytes, A's lowest
   Of four taps the words hold first 0 and 2, then 1 and 3, as SXTB16 takes bytes apart.

   A sum over the halves is 256 SA + SB, one over their lower bytes, sign extended, is SB: two output channels cost one
   load. Builds prove that |SA|, |SB| < 2^23 * 256 / 257 for all inputs, on the way too, and that no wA is -128. */
#ifndef TP_ROW_BLOCKS_H
#define TP_ROW_BLOCKS_H

#include "tp_common.h"

#define TP_BLOCK 4 /* output channels */

#if defined(TP_DSP)
#include "tp_row_blocks_dsp.h"
#else
#include "tp_row_blocks_c.h"
#endif
#endif
