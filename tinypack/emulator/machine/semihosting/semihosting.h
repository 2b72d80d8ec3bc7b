/* Calls to the host through QEMU's semihosting. */
#ifndef TINYPACK_SEMIHOSTING_H
#define TINYPACK_SEMIHOSTING_H

#include <stddef.h>
#include <stdint.h>

/* Operation numbers. Source: Arm, "Semihosting for AArch32 and AArch64"; RISC-V has taken them over. */
enum { SYS_OPEN = 0x01, SYS_WRITE = 0x05, SYS_READ = 0x06, SYS_EXIT_EXTENDED = 0x20 };

typedef struct {
  uint32_t handle;
  const void *data;
  uint32_t bytes;
} semihosting_transfer_t;

#ifdef __riscv

static inline int32_t semihosting(uint32_t operation, const void *block) {
  register uint32_t a0 __asm__("a0") = operation;
  register const void *a1 __asm__("a1") = block;
  __asm__ volatile( /* these three, uncompressed and in one page */
      ".option push\n.option norvc\n.balign 16\n"
      "slli x0, x0, 0x1f\nebreak\nsrai x0, x0, 7\n"
      ".option pop\n"
      : "+r"(a0)
      : "r"(a1)
      : "memory");
  return (int32_t)a0;
}

#else

static inline int32_t semihosting(uint32_t operation, const void *block) {
  register uint32_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = block;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return (int32_t)r0;
}

#endif

static inline uint32_t semihosting_open(const char *path, uint32_t mode) {
  struct {
    const char *path;
    uint32_t mode, length;
  } block = {path, mode, 0};
  while (path[block.length] != '\0') {
    block.length++;
  }
  return (uint32_t)semihosting(SYS_OPEN, &block);
}

#endif
