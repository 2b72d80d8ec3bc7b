/* Standard output by semihosting. */
#include "bare/bare.h"
#include "machine.h"
#include "semihosting/semihosting.h"

static uint32_t output;

void machine_open_console(void) {
  enum { WRITE_BINARY = 5 };
  output = semihosting_open(":tt", WRITE_BINARY);
}

/* SYS_WRITE gives the number of bytes that it did not write. */
void machine_write(const void *data, size_t n) {
  const char *p = (const char *)data;
  while (n > 0) {
    const semihosting_transfer_t block = {output, p, n};
    const uint32_t left = (uint32_t)semihosting(SYS_WRITE, &block);
    if (left >= n) {
      return; /* nobody reads any more */
    }
    p += n - left;
    n = left;
  }
}
