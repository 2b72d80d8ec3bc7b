/* For sources with hot loops, included before all else: they keep their speed where everything is compiled with -Os, as
   the Arduino cores do. GCC then compiles the file with -O2; Clang has no such pragma, AVR no flash to spare. A file
   takes it if its loops are a tenth slower without. What is measured: convolutions 3 to 14 % fewer instructions on a
   Cortex-M4 for 17 % more flash, 3x3 depthwise ones 8 to 14 % for 5 %, others of them 35 % for 26 %. */
#ifndef TP_HOT_H
#define TP_HOT_H

#if defined(__OPTIMIZE_SIZE__) && defined(__GNUC__) && !defined(__clang__) && !defined(__AVR__)
#pragma GCC optimize("O2")
#endif

#endif
