"""Reads and writes of the native machine while signals come."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.emulated.conftest import EMULATOR
from tests.support.machine import need
from tinypack.verify.tools import run

#: A timer's handler is at the other end of both pipes, so that every wait ends by a signal.
PROGRAM = """
#include "machine.h"
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

static int in[2], out[2];
static volatile size_t taken;
static volatile int writing;

static void tick(int number) {
  char bytes[4096];
  (void)number;
  if (writing) {
    taken += (size_t)read(out[0], bytes, sizeof bytes);
  } else if (write(in[1], "x", 1) != 1) {
    _exit(1);
  }
}

int main(void) {
  static char data[1 << 17]; /* twice what a pipe holds */
  struct sigaction action;
  const struct itimerval timer = {{0, 1000}, {0, 1000}};
  memset(&action, 0, sizeof action);
  action.sa_handler = tick;
  if (pipe(in) != 0 || pipe(out) != 0 || dup2(in[0], 0) != 0 || dup2(out[1], 1) != 1) return 2;
  sigaction(SIGALRM, &action, NULL);
  setitimer(ITIMER_REAL, &timer, NULL);
  if (machine_read(data, 1) != 1 || data[0] != 'x') return 3;
  writing = 1;
  machine_write(data, sizeof data);
  return taken >= sizeof data - (1 << 16) ? 0 : 4;
}
"""


@pytest.mark.tools
def test_signals_end_neither_input_nor_output(tmp_path: Path) -> None:
    need("gcc")
    (tmp_path / "main.c").write_text(PROGRAM)
    folders = [f"-I{EMULATOR / name}" for name in ("machine", "include")]
    native = EMULATOR / "machine" / "native" / "native.c"
    done = run(["gcc", "-D_GNU_SOURCE", *folders, "main.c", native, "-o", "program"], cwd=tmp_path, time_limit=60.0)
    assert done.ok, done.error_text
    assert run([tmp_path / "program"], time_limit=20.0).code == 0
