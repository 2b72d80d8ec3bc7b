/* Standard input and the end, by semihosting. */
#include "bare/bare.h"
#include "machine.h"
#include "semihosting.h"

static uint32_t input;

void machine_start(void) {
  enum { READ_BINARY = 1 };
  input = semihosting_open("/dev/stdin", READ_BINARY); /* ":tt", the console, knows no end of input */
  machine_open_console();
}

/* SYS_READ gives the number of bytes that it did not read. */
size_t machine_read(void *data, size_t n) {
  const semihosting_transfer_t block = {input, data, n};
  const uint32_t left = (uint32_t)semihosting(SYS_READ, &block);
  return left < n ? n - left : 0;
}

void machine_exit(int code) {
  const uint32_t block[2] = {0x20026, (uint32_t)code}; /* ADP_Stopped_ApplicationExit */
  for (;;) {
    semihosting(SYS_EXIT_EXTENDED, block);
  }
}
