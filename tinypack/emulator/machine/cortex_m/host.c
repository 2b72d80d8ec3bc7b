/* Standard input, standard output and exit, by semihosting. */
#include <errno.h>
#include <sys/types.h>

#include "machine.h"
#include "semihosting.h"

typedef struct {
  const char *path;
  uint32_t mode, length;
} open_block_t;

typedef struct {
  uint32_t handle;
  const void *data;
  uint32_t bytes;
} transfer_block_t;

static uint32_t input, output;

static uint32_t open_file(const char *path, uint32_t mode, uint32_t length) {
  const open_block_t block = {path, mode, length};
  return (uint32_t)semihosting(SYS_OPEN, &block);
}

void machine_start(void) {
  enum { READ_BINARY = 1, WRITE_BINARY = 5 };
  input = open_file("/dev/stdin", READ_BINARY, 10); /* ":tt", the console, knows no end of input */
  output = open_file(":tt", WRITE_BINARY, 3);
}

/* SYS_READ and SYS_WRITE give the number of bytes that they did not transfer. */
size_t machine_read(void *data, size_t n) {
  const transfer_block_t block = {input, data, n};
  const uint32_t left = (uint32_t)semihosting(SYS_READ, &block);
  return left < n ? n - left : 0;
}

void machine_write(const void *data, size_t n) {
  const transfer_block_t block = {output, data, n};
  semihosting(SYS_WRITE, &block);
}

/* What newlib calls. */
void _exit(int code) {
  const uint32_t block[2] = {0x20026, (uint32_t)code}; /* ADP_Stopped_ApplicationExit */
  for (;;) {
    semihosting(SYS_EXIT_EXTENDED, block);
  }
}

/* abort() comes here. */
int _kill(int process, int number) {
  static const char line[] = "crash: abort\n";
  (void)process;
  (void)number;
  machine_write(line, sizeof line - 1);
  _exit(MACHINE_CRASHED);
  return -1;
}

int _getpid(void) {
  return 1;
}

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
