/* The markers do nothing; the asm keeps a compiler from merging or removing them. */
#include <tinypack_emulator.h>

__attribute__((noinline)) void bench_begin(void) {
  __asm__ volatile("" ::: "memory");
}

__attribute__((noinline)) void bench_end(void) {
  __asm__ volatile("" ::: "memory");
}
