"""What a registry in an object store is built on: whole files by path, and turns of writers."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, Protocol

import fsspec

from tinypack.errors import TinypackError
from tinypack.registry.stores import NotThere

CHUNK = 1 << 16
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 2.0  # seconds
LONGEST_WAIT = 50  # times an attempt's own time


class Lost(Exception):
    """Another writer came first: read again, decide again."""


class Clash(Lost):
    """A file that must be new is there, with other bytes."""


class Turn(Protocol):
    """A writer's turn, from what it read to what it published."""

    def check(self) -> None:
        """Raises: Lost if another writer published since the turn began."""

    def publish(self, path: str, data: bytes) -> None:
        """Replace the head.

        Raises: Lost, with nothing replaced
        """


class Blobs(Protocol):
    """Whole files by path. Paths are checked already; what goes wrong is raised as it comes."""

    def chunks(self, path: str) -> Iterator[bytes]:
        """Raises: NotThere."""

    def create(self, path: str, data: bytes) -> None:
        """Write a file whole or not at all.

        Raises: FileExistsError
        """

    def replace(self, path: str, data: bytes) -> None: ...

    def remove(self, path: str) -> None:
        """Remove a file; a missing one is no error."""

    def paths(self, prefix: str) -> Iterator[str]: ...

    def turn(self, patience: float) -> AbstractContextManager[Turn]: ...


def attempts(patience: float) -> Iterator[None]:
    """Try at once, then after pauses that grow and differ from writer to writer. Units: seconds.

    They begin with the time that an attempt takes: where that is long, many writers would only disturb each other.
    """
    end, longest = time.monotonic() + patience, FIRST_PAUSE
    while True:
        start = time.monotonic()
        yield
        took = time.monotonic() - start
        if time.monotonic() > end:
            return
        longest = max(longest, took)
        time.sleep(random.uniform(0, longest))
        longest = min(2 * longest, max(LONGEST_PAUSE, LONGEST_WAIT * took))


def busy(where: str, patience: float) -> TinypackError:
    """Say that other writers took all turns."""
    rule = "one writer at a time changes a registry"
    return TinypackError.one("busy", where, rule, f"others kept coming first for {patience:.0f} s")


class FsspecBlobs:
    """Any store that fsspec knows: read, and refused to writers, for nothing would keep two of them apart."""

    def __init__(self, url: str) -> None:
        self.fs: Any
        self.fs, root = fsspec.core.url_to_fs(url, use_listings_cache=False)
        self.root = root.rstrip("/")

    def chunks(self, path: str) -> Iterator[bytes]:
        try:
            with self.fs.open(self.at(path), "rb") as file:
                while chunk := file.read(CHUNK):
                    yield chunk
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise NotThere(path) from None

    def create(self, path: str, data: bytes) -> None:
        raise self._refused()

    def replace(self, path: str, data: bytes) -> None:
        raise self._refused()

    def remove(self, path: str) -> None:
        raise self._refused()

    def paths(self, prefix: str) -> Iterator[str]:
        top = self.at(prefix)
        return (place[len(self.root) + 1 :] for place in self.fs.find(top) if place != top)

    def turn(self, patience: float) -> AbstractContextManager[Turn]:
        raise self._refused()

    def at(self, path: str) -> str:
        return f"{self.root}/{path}".rstrip("/")

    def _refused(self) -> TinypackError:
        rule = "a store must create files exclusively or write conditionally, so that no writer undoes another's work"
        hint = "publish to a folder, a Git repository, s3://, gs:// or sftp://, and copy from there"
        return TinypackError.one("unreachable", self.root, rule, f"{self.fs.protocol} does neither", hint)


class CreatingBlobs(FsspecBlobs):
    """A store whose `pipe_file` creates exclusively when asked to, and writes whole files: Google Cloud Storage."""

    def create(self, path: str, data: bytes) -> None:
        self.fs.pipe_file(self.at(path), data, mode="create")

    claim = create

    def replace(self, path: str, data: bytes) -> None:
        self.fs.pipe_file(self.at(path), data)

    def remove(self, path: str) -> None:
        try:
            self.fs.rm_file(self.at(path))
        except FileNotFoundError:
            return

    def turn(self, patience: float) -> AbstractContextManager[Turn]:
        from tinypack.registry.stores.lease import Lease

        return Lease(self, self.root, patience)


class MemoryBlobs(CreatingBlobs):
    """Lives as long as the process; threads of it are kept apart."""

    _creating = threading.Lock()

    def chunks(self, path: str) -> Iterator[bytes]:
        try:
            yield self.fs.cat_file(self.at(path))  # `open` would share a position between threads
        except FileNotFoundError:
            raise NotThere(path) from None

    def create(self, path: str, data: bytes) -> None:
        with self._creating:
            if self.fs.exists(self.at(path)):
                raise FileExistsError(path)
            self.fs.pipe_file(self.at(path), data)

    claim = create
