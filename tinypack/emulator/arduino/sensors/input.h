/* The standard input, which Serial and a replayed recording share. Functions wait for the host. */
#ifndef tinypack_input_h
#define tinypack_input_h

#include <stddef.h>
#include <stdint.h>

/* Bytes that have been fetched and not yet read; fetches some if there are none. 0: the input has ended. */
size_t input_available();

/* The next byte, or -1 at the end; input_get() also takes it. */
int input_peek();
int input_get();

/* Read n bytes, fewer only if the input ends. */
size_t input_read(void *data, size_t n);

/* Whether the input goes on with these bytes. They stay in it, and nothing is fetched past a difference. */
bool input_begins_with(const void *bytes, size_t n);

#endif
