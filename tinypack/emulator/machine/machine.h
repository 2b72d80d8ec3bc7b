/* What a framework may ask of the machine that it runs on. A machine is a folder of C files that a board's JSON names. */
#ifndef TINYPACK_MACHINE_H
#define TINYPACK_MACHINE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MACHINE_CRASHED 70 /* exit code of a program that crashed */

/* Microseconds since the start. */
uint64_t machine_micros(void);

/* Let time pass. */
void machine_sleep(uint32_t micros);

/* Read up to n > 0 bytes of the standard input; waits for the first. 0: the input has ended. */
size_t machine_read(void *data, size_t n);

/* Write all bytes to the standard output, at once. */
void machine_write(const void *data, size_t n);

/* Set up what must stand before the program's first line. */
void machine_start(void);

#ifdef __cplusplus
}
#endif
#endif
