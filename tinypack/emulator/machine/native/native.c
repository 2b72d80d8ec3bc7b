/* The host itself: POSIX calls. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "machine.h"
#include <tinypack_emulator.h>

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

uint64_t machine_micros(void) {
  static uint64_t start;
  if (start == 0) {
    start = now();
  }
  return now() - start;
}

void machine_sleep(uint32_t micros) {
  struct timespec t;
  t.tv_sec = (time_t)(micros / 1000000u);
  t.tv_nsec = (long)(micros % 1000000u) * 1000;
  while (nanosleep(&t, &t) != 0) {
  }
}

size_t machine_read(void *data, size_t n) {
  ssize_t got;
  do {
    got = read(STDIN_FILENO, data, n);
  } while (got < 0 && errno == EINTR);
  return got > 0 ? (size_t)got : 0;
}

void machine_write(const void *data, size_t n) {
  const char *p = (const char *)data;
  while (n > 0) {
    const ssize_t written = write(STDOUT_FILENO, p, n);
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written <= 0) {
      return; /* nobody reads any more */
    }
    p += written;
    n -= (size_t)written;
  }
}

typedef struct {
  int number;
  const char *line;
} crash_t;

static const crash_t crashes[] = {
    {SIGSEGV, "crash: SIGSEGV\n"}, {SIGBUS, "crash: SIGBUS\n"},   {SIGILL, "crash: SIGILL\n"},
    {SIGFPE, "crash: SIGFPE\n"},   {SIGABRT, "crash: SIGABRT\n"},
};

static void crash(int number) {
  for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++) {
    if (crashes[i].number == number) {
      machine_write(crashes[i].line, strlen(crashes[i].line));
    }
  }
  _exit(MACHINE_CRASHED);
}

void machine_start(void) {
  static char spare[16384]; /* a handler of its own stack can report that the stack is full */
  stack_t stack;
  struct sigaction action;
  memset(&stack, 0, sizeof stack);
  stack.ss_sp = spare;
  stack.ss_size = sizeof spare;
  sigaltstack(&stack, NULL);
  memset(&action, 0, sizeof action);
  action.sa_handler = crash;
  action.sa_flags = SA_ONSTACK;
  for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++) {
    sigaction(crashes[i].number, &action, NULL);
  }
  machine_micros();
}

void tinypack_stack_paint(void) {
}

uint32_t tinypack_stack_used(void) {
  return 0;
}
