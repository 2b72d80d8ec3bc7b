"""The one place that runs other programs: never through a shell, always for a limited time."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tinypack.errors import TinypackError
from tinypack.verify.together import current, kill

GRACE = 5.0  # seconds that a killed program's output is waited for


@dataclass(frozen=True)
class Done:
    """A program that has ended: by itself, or killed when its time was over."""

    argv: tuple[str, ...]
    code: int  # negative: the signal that ended it
    stdout: bytes
    stderr: bytes
    seconds: float
    timed_out: bool

    @property
    def ok(self) -> bool:
        return self.code == 0 and not self.timed_out

    @property
    def text(self) -> str:
        """The standard output as text; damaged bytes are replaced."""
        return self.stdout.decode(errors="replace")

    @property
    def error_text(self) -> str:
        return self.stderr.decode(errors="replace")


def run(
    argv: Sequence[str | Path],
    *,
    time_limit: float,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
) -> Done:
    """Run a program to its end; when the time is over, kill it and all that it started.

    `env` is added to this process's environment.
    Units:  time_limit in seconds
    Raises: TinypackError (missing-tool) if the program can't be started; Stopped if the thread's programs are stopped
    """
    words = tuple(str(word) for word in argv)
    start = time.monotonic()
    try:
        process = subprocess.Popen(
            words,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=os.name == "posix",
        )
    except OSError as error:
        raise TinypackError.one("missing-tool", words[0], "the program must start", str(error)) from None
    with process, current().watch(process):
        timed_out = False
        try:
            stdout, stderr = process.communicate(stdin, time_limit)
        except subprocess.TimeoutExpired:
            timed_out = True
            stdout, stderr = _stop(process)
        except BaseException:
            kill(process)
            raise
    return Done(words, process.returncode, stdout, stderr, time.monotonic() - start, timed_out)


def which(name: str) -> Path | None:
    """Find a program on the PATH."""
    found = shutil.which(name)
    return Path(found) if found is not None else None


def require(name: str, apt: str) -> Path:
    """Find a program on the PATH; `apt` is the Debian package that brings it.

    Raises: TinypackError (missing-tool)
    """
    found = which(name)
    if found is None:
        hint = f"apt-get install {apt}, or tinypack doctor --fix"
        raise TinypackError.one("missing-tool", name, "the program must be on the PATH", "not found", hint)
    return found


def _stop(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    """Kill a program and collect what it had written."""
    kill(process)
    try:
        return process.communicate(timeout=GRACE)
    except subprocess.TimeoutExpired as expired:  # a process that left the group holds the pipes open
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
        return expired.output or b"", expired.stderr or b""
