/* What newlib and picolibc call. */
#include <errno.h>
#include <stdio.h>
#include <sys/types.h>

#include "bare/bare.h"
#include "machine.h"

NORETURN void _exit(int code) {
  machine_exit(code);
}

#ifdef __PICOLIBC__

static int put(char c, FILE *file) {
  (void)file;
  machine_write(&c, 1);
  return (unsigned char)c;
}

static int get(FILE *file) {
  unsigned char c;
  (void)file;
  return machine_read(&c, 1) == 1 ? c : _FDEV_EOF;
}

static FILE console = FDEV_SETUP_STREAM(put, get, NULL, _FDEV_SETUP_RW);
FILE *const stdin = &console;
FILE *const stdout = &console;
FILE *const stderr = &console;

#else

int _read(int file, void *data, size_t n) {
  (void)file;
  return (int)machine_read(data, n);
}

int _write(int file, const void *data, size_t n) {
  (void)file;
  machine_write(data, n);
  return (int)n;
}

void *_sbrk(ptrdiff_t bytes) {
  extern char machine_bss_end[], machine_ram_end[];
  static char *heap_end = machine_bss_end;
  char *start = heap_end;
  if (bytes > machine_ram_end - heap_end) {
    errno = ENOMEM;
    return (void *)-1;
  }
  heap_end += bytes;
  return start;
}

#endif
