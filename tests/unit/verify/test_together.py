from __future__ import annotations

import os
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tinypack.verify.together import Stopped, Together, current
from tinypack.verify.tools import Done, run
from tinypack.verify.workfolder import work_folder

pytestmark = pytest.mark.skipif(os.name != "posix", reason="named pipes")

PATIENCE = 30.0  # seconds, far less than the programs here would take
#: Starts another program, which holds the pipe open, says so, and goes on.
ENDLESS = """\
import subprocess, sys, time
pipe = open(sys.argv[1], "w")
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], pass_fds=[pipe.fileno()])
print("begun", file=pipe, flush=True)
time.sleep(600)
"""


def start(together: Together, call: Callable[[], object]) -> Future[object]:
    """Call something in a thread that belongs to the others."""
    pool = ThreadPoolExecutor(1, initializer=together.enter)
    future = pool.submit(call)
    pool.shutdown(wait=False)
    return future


def endless(pipe: Path) -> Done:
    return run([sys.executable, "-c", ENDLESS, pipe], time_limit=600)


def test_all_programs_and_what_they_started_are_stopped(tmp_path: Path) -> None:
    together = Together()
    pipes = [tmp_path / "a", tmp_path / "b"]
    for pipe in pipes:
        os.mkfifo(pipe)
    futures = [start(together, lambda pipe=pipe: endless(pipe)) for pipe in pipes]
    streams = [pipe.open() for pipe in pipes]
    assert [stream.readline() for stream in streams] == ["begun\n", "begun\n"]
    together.stop()
    assert [type(future.exception(PATIENCE)) for future in futures] == [Stopped, Stopped]
    # The end of a pipe comes when nobody holds it any more.
    assert [stream.read() for stream in streams] == ["", ""]


def test_what_starts_too_late_is_stopped() -> None:
    together = Together()
    together.stop()
    late = start(together, lambda: run([sys.executable, "-c", "import time; time.sleep(600)"], time_limit=600))
    assert isinstance(late.exception(PATIENCE), Stopped)


def test_others_go_on() -> None:
    Together().stop()
    assert run([sys.executable, "-c", "print(1)"], time_limit=PATIENCE).ok
    current().check()


def test_who_waits_for_a_folder_is_stopped(core: Path) -> None:
    together = Together()

    def wait() -> None:
        with work_folder("a"):
            pass

    with work_folder("a"):
        waits = start(together, wait)
        together.stop()
        assert isinstance(waits.exception(PATIENCE), Stopped)
