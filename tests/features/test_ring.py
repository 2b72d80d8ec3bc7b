from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.machine import need
from tinypack.compile.emit import RUNTIME

THREADS = Path(__file__).with_name("ring_threads.c")
FLAGS = ("-std=c99", "-O1", "-Wall", "-Wextra", "-Werror", "-Wconversion", f"-I{RUNTIME / 'include'}")

#: Pushes and takes, in samples, of a ring that holds 4 groups of 2; what push must answer; samples lost in the end.
SCRIPTS = {
    "nothing": ([], [], 0),
    "all fits": ([8], [8], 0),
    "full": ([8, 2], [8, 0], 2),
    "part fits": ([6, 6], [6, 2], 4),
    "whole groups only": ([3], [2], 1),
    "round the end": ([6, -4, 6, -6, 8, -8, 8], [6, 6, 6, 8], 2),
    "more than it holds": ([1000], [8], 992),
}


def program(name: str) -> str:
    actions, answers, lost = SCRIPTS[name]
    lines = []
    wanted = iter(answers)
    for count in actions:
        if count < 0:
            lines.append(f"  tp_ring_peek(&ring, out, {-count}); tp_ring_drop(&ring, {-count});")
            lines.append(f"  for (int i = 0; i < {-count}; i++) if (out[i] != next_out++) return 1;")
        else:
            answer = next(wanted)
            lines.append(f"  for (int i = 0; i < {count}; i++) in[i] = (int16_t)(next_in + i);")
            lines.append(f"  if (tp_ring_push(&ring, in, {count}) != {answer}) return 2;")
            lines.append(f"  next_in = (int16_t)(next_in + {answer});")
    body = "\n".join(lines)
    return f"""#include "tp_ring.h"
static uint32_t head, tail, lost;
static int16_t samples[10], in[1000], out[10];
int main(void) {{
  const tp_ring_t ring = {{&head, &tail, &lost, samples, 10, 2}};
  int16_t next_in = 0, next_out = 0;
{body}
  (void)next_in; (void)next_out; (void)ring; (void)in; (void)out;
  return lost == {lost} ? 0 : 3;
}}
"""


@pytest.mark.parametrize("name", SCRIPTS)
def test_pushes_and_takes(name: str, tmp_path: Path) -> None:
    need("gcc")
    (tmp_path / "main.c").write_text(program(name))
    sanitised = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-Wno-unused-function")
    subprocess.run(["gcc", *FLAGS, *sanitised, "main.c", "-o", "program"], cwd=tmp_path, check=True, timeout=60)
    assert subprocess.run([tmp_path / "program"], timeout=60, check=False).returncode == 0


def test_one_thread_pushes_while_another_takes(tmp_path: Path) -> None:
    """The thread sanitizer finds any access that head and tail do not order."""
    need("gcc")
    options = (*FLAGS, "-g", "-fsanitize=thread", "-pthread")
    subprocess.run(["gcc", *options, THREADS, "-o", "program"], cwd=tmp_path, check=True, timeout=60)
    done = subprocess.run([tmp_path / "program"], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
