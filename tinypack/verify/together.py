"""Programs that run side by side in several threads, and are stopped together."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Stopped(BaseException):
    """The thread's programs were stopped. As with KeyboardInterrupt, nobody shall take it for a finding."""


class Together:
    """What several threads run; a thread belongs to it once it has called `enter`."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._stopped = False

    def enter(self) -> None:
        """Make the current thread one of these."""
        _current.set(self)

    def stop(self) -> None:
        """Kill all programs that run; those that would start get Stopped."""
        self._stopped = True
        for process in self._running.copy():
            kill(process)

    def check(self) -> None:
        """Raise Stopped if these are stopped."""
        if self._stopped:
            raise Stopped

    @contextmanager
    def watch(self, process: subprocess.Popen[bytes]) -> Iterator[None]:
        """Have a program stopped with the others while it runs."""
        self._running.add(process)
        if self._stopped:  # it started while the others were killed
            kill(process)
        try:
            yield
        finally:
            self._running.discard(process)
        self.check()


_current: ContextVar[Together | None] = ContextVar("together", default=None)


def current() -> Together:
    """Give what the current thread belongs to, if only to itself."""
    return _current.get() or Together()


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a program and all that it started."""
    if sys.platform == "win32":
        argv = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    else:
        with contextlib.suppress(ProcessLookupError):  # it may just have ended
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
