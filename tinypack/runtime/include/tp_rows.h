/* How weights of four output channels at a time stand in flash: `rows` of packed kernels.

   They are a stream of words, for each block of four output channels A, B, C, D:
     256 bias A + bias B, bias B, 256 bias C + bias D, bias D     the biases have -input zero point * sum of weights folded in
     for each two taps: the words of A and B, of C and D          halves 256 wA + wB, the first tap in the lower
     multipliers of A, B, C, D                                    Q31
     right shifts of A, B, C, D less 1                            bytes, A's lowest
   Of four taps the words hold first 0 and 2, then 1 and 3, as SXTB16 takes bytes apart.

   A sum over the halves is 256 SA + SB, one over their lower bytes, sign extended, is SB: two output channels cost one
   load. Builds prove that |SA|, |SB| < 2^23 * 256 / 257 for all inputs, and that no wA is -128. */
#ifndef TP_ROWS_H
#define TP_ROWS_H

#include "tp_common.h"

#define TP_BLOCK 4       /* output channels */
#define TP_BLOCK_WORDS 9 /* of a block, without its taps */

#endif
