/* The deepest point that the stack has reached. */
#include <tinypack_emulator.h>

#define PATTERN 0xA5A5A5A5u

extern uint32_t machine_stack_limit[];

static inline uint32_t *stack_pointer(void) {
  uint32_t *sp;
#ifdef __riscv
  __asm__ volatile("mv %0, sp" : "=r"(sp));
#else
  __asm__ volatile("mov %0, sp" : "=r"(sp));
#endif
  return sp;
}

/* Not shrink-wrapped: registers that it saves must lie above the top that it reads. */
__attribute__((noinline, optimize("no-shrink-wrap"))) void tinypack_stack_paint(void) {
  const uint32_t *top = stack_pointer();
  for (volatile uint32_t *p = machine_stack_limit; p < top; p++) {
    *p = PATTERN;
  }
}

__attribute__((noinline)) uint32_t tinypack_stack_used(void) {
  const uint32_t *top = stack_pointer();
  const volatile uint32_t *p = machine_stack_limit;
  while (p < top && *p == PATTERN) {
    p++;
  }
  return (uint32_t)(top - p) * (uint32_t)sizeof *p;
}
