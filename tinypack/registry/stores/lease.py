"""Turns of writers in a store that can only create a file exclusively: numbered locks, one of which each writer holds.

The lock with the highest number counts. A holder writes to its own over and over; one that does not change for
`LEASE` seconds of the waiter's own clock is stale, and whoever creates the next number has it. No two machines'
clocks are ever compared. A holder that was halted for so long notices before it publishes, unless it is halted
just between looking and publishing: that is the limit of a lease.
"""

from __future__ import annotations

import hashlib
import threading
import time
import uuid
from collections.abc import Iterator
from types import TracebackType
from typing import Protocol

from tinypack.registry.paths import HEAD
from tinypack.registry.stores import MOST_BYTES, NotThere
from tinypack.registry.stores.blobs import Blobs, Lost, attempts, busy
from tinypack.registry.stores.paths import read_whole

LEASE = 30.0  # seconds
LOCKS = ".lease"
RELEASED = "released"


class Claiming(Blobs, Protocol):
    def claim(self, path: str, data: bytes) -> None:
        """Create a file that nobody else can have created, though perhaps not whole at once.

        Raises: FileExistsError
        """


class Lease:
    """A turn, held from `with` on."""

    def __init__(self, blobs: Claiming, where: str, patience: float, length: float = LEASE) -> None:
        self._blobs, self._where, self._patience, self._length = blobs, where, patience, length
        self._owner, self._number, self._beaten = uuid.uuid4().hex, 0, 0.0
        self._over = threading.Event()
        self._beating = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Lease:
        self._number = self._wait()
        self._beaten = time.monotonic()
        self._beating.start()
        for number in self._numbers():
            if number < self._number:
                self._blobs.remove(_lock(number))
        self._base = self._head()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._over.set()
        self._beating.join()
        if self._ours():
            self._blobs.replace(_lock(self._number), RELEASED.encode())

    def check(self) -> None:
        late = time.monotonic() - self._beaten > self._length / 2
        if late or not self._ours() or self._head() != self._base:
            raise Lost

    def publish(self, path: str, data: bytes) -> None:
        self.check()
        self._blobs.replace(path, data)

    def _wait(self) -> int:
        seen, since = "", 0.0
        for _ in attempts(self._patience):
            last = max(self._numbers(), default=0)
            state = f"{last} {self._text(last)}"
            if state != seen:
                seen, since = state, time.monotonic()
            stale = time.monotonic() - since > self._length
            if (last == 0 or stale or state == f"{last} {RELEASED}") and self._claim(last + 1):
                return last + 1
        raise busy(self._where, self._patience)

    def _claim(self, number: int) -> bool:
        try:
            self._blobs.claim(_lock(number), f"{self._owner} 0".encode())
        except FileExistsError:
            return False
        if max(self._numbers(), default=0) == number:
            return True
        self._blobs.remove(_lock(number))  # that number was long used up
        return False

    def _beat(self) -> None:
        count = 0
        while not self._over.wait(self._length / 6):
            try:
                if not self._ours():
                    return
                count += 1
                self._blobs.replace(_lock(self._number), f"{self._owner} {count}".encode())
                self._beaten = time.monotonic()
            except Exception:  # whatever it is: the next beat may come through, else `check` sees it
                continue

    def _ours(self) -> bool:
        last = max(self._numbers(), default=0)
        return last == self._number and self._text(last).startswith(self._owner)

    def _numbers(self) -> Iterator[int]:
        names = (path.rpartition("/")[2] for path in self._blobs.paths(LOCKS))
        return (int(name) for name in names if name.isdecimal())

    def _text(self, number: int) -> str:
        try:
            return read_whole(self._blobs.chunks(_lock(number)), LOCKS, 100).decode("ascii", "replace")
        except NotThere:
            return ""

    def _head(self) -> str:
        try:
            return hashlib.sha256(read_whole(self._blobs.chunks(HEAD), HEAD, MOST_BYTES)).hexdigest()
        except NotThere:
            return ""


def _lock(number: int) -> str:
    return f"{LOCKS}/{number:012}"
