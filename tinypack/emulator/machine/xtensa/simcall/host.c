/* Standard input and output and the end, by the calls that Xtensa's simulator and QEMU offer. */
#include "bare/bare.h"
#include "machine.h"

enum { EXIT = 1, READ = 3, WRITE = 4 };

static int32_t simcall(uint32_t operation, uint32_t file, const void *data, size_t n) {
  register uint32_t a2 __asm__("a2") = operation;
  register uint32_t a3 __asm__("a3") = file;
  register const void *a4 __asm__("a4") = data;
  register size_t a5 __asm__("a5") = n;
  __asm__ volatile("simcall" : "+r"(a2), "+r"(a3) : "r"(a4), "r"(a5) : "memory");
  return (int32_t)a2;
}

void machine_open_console(void) {
}

void machine_start(void) {
}

size_t machine_read(void *data, size_t n) {
  const int32_t got = simcall(READ, 0, data, n);
  return got > 0 ? (size_t)got : 0;
}

void machine_write(const void *data, size_t n) {
  const char *p = (const char *)data;
  while (n > 0) {
    const int32_t written = simcall(WRITE, 1, p, n);
    if (written <= 0) {
      return; /* nobody reads any more */
    }
    p += written;
    n -= (size_t)written;
  }
}

void machine_exit(int code) {
  for (;;) {
    simcall(EXIT, (uint32_t)code, NULL, 0);
  }
}
