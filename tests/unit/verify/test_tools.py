from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from tinypack.errors import TinypackError
from tinypack.verify.tools import Done, require, run, which


def python(code: str, time_limit: float = 20.0, stdin: bytes = b"", env: dict[str, str] | None = None) -> Done:
    return run([sys.executable, "-c", code], time_limit=time_limit, stdin=stdin, env=env)


@pytest.mark.parametrize("code", [0, 7, 255])
def test_the_exit_code_is_given(code: int) -> None:
    done = python(f"raise SystemExit({code})")
    assert (done.code, done.timed_out, done.ok) == (code, False, code == 0)


def test_streams_pass_every_byte_and_stay_apart() -> None:
    data = bytes(range(256)) * 1000
    code = "import sys; d = sys.stdin.buffer.read(); sys.stdout.buffer.write(d); sys.stderr.buffer.write(d[::-1])"
    done = python(code, stdin=data)
    assert done.stdout == data
    assert done.stderr == data[::-1]


def test_the_environment_is_added_to() -> None:
    done = python("import os; print(os.environ['A_B'], 'PATH' in os.environ)", env={"A_B": "c"})
    assert done.text.split() == ["c", "True"]


def test_a_program_may_ignore_its_input() -> None:
    assert python("pass", stdin=b"x" * 1_000_000).ok


def test_a_hang_is_stopped_and_its_output_kept() -> None:
    start = time.monotonic()
    done = python("import time; print('begun', flush=True); time.sleep(60)", time_limit=1.0)
    assert done.timed_out and not done.ok
    assert done.text.strip() == "begun"
    assert time.monotonic() - start < 10


@pytest.mark.skipif(os.name != "posix", reason="process groups")
def test_what_a_program_started_is_stopped_too(tmp_path: Path) -> None:
    trace = tmp_path / "alive"
    child = f"import time, pathlib; time.sleep(2); pathlib.Path({str(trace)!r}).touch()"
    code = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {child!r}]); time.sleep(60)"
    assert python(code, time_limit=1.0).timed_out
    time.sleep(2)
    assert not trace.exists()


def test_a_missing_program_is_named() -> None:
    with pytest.raises(TinypackError) as caught:
        run(["no-such-program-here"], time_limit=1.0)
    assert caught.value.problems[0].code == "missing-tool"
    assert which("no-such-program-here") is None
    with pytest.raises(TinypackError, match="apt-get install its-package"):
        require("no-such-program-here", apt="its-package")


def test_a_shell_is_never_used() -> None:
    done = run([sys.executable, "-c", "import sys; print(sys.argv[1:])", "$HOME; echo x"], time_limit=20.0)
    assert done.text.strip() == "['$HOME; echo x']"
