/* What the harness's program needs of an emulated board: input and output in blocks, and memory with guards.
   All states take turns in one place: together they would be larger than a board's RAM. */
#include <stdlib.h>
#include <string.h>

#include "bare/bare.h"
#include "machine.h"
#include "semihosting/semihosting.h"

#define GUARD_BYTES 256
#define GUARD 0xC3

static uint8_t memory[GUARD_BYTES + LARGEST_ARENA + GUARD_BYTES] __attribute__((aligned(16)));
static uint32_t output;

#define STATE(type) type *const self = (type *)(void *)set_guards()

static uint8_t *set_guards(void) {
  memset(memory, GUARD, sizeof memory);
  return memory + GUARD_BYTES;
}

static void start(void) {
  enum { WRITE_BINARY = 5 };
  output = semihosting_open("/dev/stdout", WRITE_BINARY);
#if __ARM_ARCH == 6 /* on a larger core: it has to fault as the small one does */
  *(volatile uint32_t *)0xE000ED14u |= 1u << 3; /* CCR.UNALIGN_TRP */
#endif
}

static void check_guards(const uint8_t *arena, size_t n) {
  for (size_t i = 0; i < GUARD_BYTES; i++) {
    if (memory[i] != GUARD || arena[n + i] != GUARD) {
      exit(6);
    }
  }
}

static void get(void *to, size_t n) {
  for (uint8_t *p = (uint8_t *)to; n > 0;) {
    const size_t got = machine_read(p, n);
    if (got == 0) {
      exit(2);
    }
    p += got;
    n -= got;
  }
}

/* SYS_WRITE gives the number of bytes that it did not write. */
static void put(const void *from, size_t n) {
  for (const uint8_t *p = (const uint8_t *)from; n > 0;) {
    const semihosting_transfer_t block = {output, p, n};
    const uint32_t left = (uint32_t)semihosting(SYS_WRITE, &block);
    if (left >= n) {
      exit(3);
    }
    p += n - left;
    n = left;
  }
}
