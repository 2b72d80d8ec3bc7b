/* The last line of a program that crashed. It uses little stack and no library: either may be what is broken. */
#include "bare/bare.h"
#include "machine.h"

static char *put(char *p, const char *text) {
  while (*text != '\0') {
    *p++ = *text++;
  }
  return p;
}

static char *put_hex(char *p, uint32_t value) {
  for (int shift = 28; shift >= 0; shift -= 4) {
    *p++ = "0123456789abcdef"[value >> shift & 15u];
  }
  return p;
}

void machine_crash(const char *what, const machine_fact_t *facts, size_t n) {
  char line[96];
  char *p = put(put(line, "crash:"), what);
  for (size_t i = 0; i < n; i++) {
    p = put_hex(put(p, facts[i].name), facts[i].value);
  }
  *p++ = '\n';
  machine_write(line, (size_t)(p - line));
  machine_exit(MACHINE_CRASHED);
}

/* In place of the library's, which ends each in a way of its own. */
void abort(void) {
  machine_crash(" abort", NULL, 0);
}
