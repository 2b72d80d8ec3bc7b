/* How compilers treat functions. */
#ifndef TP_FUNCTIONS_H
#define TP_FUNCTIONS_H

#if defined(__GNUC__)
#define TP_UNUSED __attribute__((unused))
/* Of functions with loops that need all registers for themselves. */
#define TP_APART __attribute__((noinline))
/* Of functions of a few instructions: for size, compilers would call them. */
#define TP_INLINE inline __attribute__((always_inline))
/* Of functions that are assembly: arguments come in r0 to r3. */
#define TP_ASSEMBLY __attribute__((naked, noinline))
#else
#define TP_UNUSED
#define TP_APART
#define TP_INLINE inline
#endif

#endif
