/* What the parts of a machine without an operating system ask of each other. */
#ifndef TINYPACK_BARE_H
#define TINYPACK_BARE_H

#include <stddef.h>
#include <stdint.h>

#define NORETURN __attribute__((noreturn))

typedef struct {
  const char *name; /* as printed, such as " pc=0x" */
  uint32_t value;
} machine_fact_t;

/* bare/image.c: fill the memory, construct, call main(), exit. */
NORETURN void machine_run(void);

/* bare/crash.c: print a line and exit with MACHINE_CRASHED. */
NORETURN void machine_crash(const char *what, const machine_fact_t *facts, size_t n);

/* The core's: protect what no program may touch, as far as the core can. */
void machine_protect(void);

/* The console's: make machine_write() work. */
void machine_open_console(void);

/* The host's: end the emulation. */
NORETURN void machine_exit(int code);

/* The timer's: a count at machine_timer_hz; asked for at least as often as the timer's own count wraps. */
uint64_t machine_ticks(void);

/* The link script's. */
extern char machine_stack_limit[], machine_stack_top[];

#endif
