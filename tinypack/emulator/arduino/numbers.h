/* Numbers as text, as Arduino's Print writes them. */
#ifndef TINYPACK_NUMBERS_H
#define TINYPACK_NUMBERS_H

#include <stddef.h>

#define TINYPACK_INTEGER_CHARS 65 /* 64 binary digits and the closing 0 */
#define TINYPACK_REAL_CHARS 64

/* Both close the text by 0 and give its length. base: 2 to 36, others mean 10. */
size_t tinypack_format_integer(char *out, unsigned long long x, int base);

/* "nan", "inf", "ovf" (beyond 32 bits), or as many decimals as asked for, 48 at most. */
size_t tinypack_format_real(char *out, double x, int digits);

#endif
