"""Where a registry's files lie: a folder, a Git repository, an object store, or a web server that is only read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Protocol

MOST_BYTES = 256 << 20  # of one file that is read whole


class NotThere(Exception):
    """No such file; never shown to users as it is."""


@dataclass(frozen=True)
class Edit:
    """What a change makes of a registry, in this order; only when `head` is there does anyone see any of it.

    new      files that must not be there yet, each written whole or not at all
    plain    files that are overwritten: web pages, an inbox; nothing that is signed. In a Git repository each folder of
             the inbox, `inbox/<name>/`, is a branch of its own, `submissions/<name>`: written, read, listed and dropped
             as if it were a folder, so that a publisher needs no right to push to the registry's own branch
    head     the one file that is replaced to publish
    drop     files that nothing names any more; missing ones are no error
    message  for the commit of a Git repository
    tags     for a Git repository
    """

    new: Mapping[str, bytes] = field(default_factory=dict)
    plain: Mapping[str, bytes] = field(default_factory=dict)
    head: tuple[str, bytes] | None = None
    drop: tuple[str, ...] = ()
    message: str = ""
    tags: tuple[str, ...] = ()

    def paths(self) -> Iterator[str]:
        """Name every file that it touches."""
        return chain(self.new, self.plain, [self.head[0]] if self.head else [], self.drop)


class Reader(Protocol):
    """Reads a registry. Paths are relative, with `/`.

    url  as users give it
    """

    url: str

    def chunks(self, path: str) -> Iterator[bytes]:
        """Read a file piece by piece, so that the reader can stop at its limit.

        Raises: NotThere; TinypackError (unreachable)
        """

    def read(self, path: str, most: int = MOST_BYTES) -> bytes:
        """Read a file whole.

        Raises: NotThere; TinypackError (unreachable; bad-registry if it is longer than `most`)
        """


class Store(Reader, Protocol):
    """Reads and writes a registry."""

    def paths(self, prefix: str) -> Iterator[str]:
        """List files below a folder, in order."""

    def add(self, files: Mapping[str, bytes]) -> None:
        """Write files whose paths hold their hashes; what is there already stays. Interrupted: nobody misses them.

        Raises: TinypackError (unreachable)
        """

    def update(self, change: Callable[[Reader], Edit]) -> Edit:
        """Read, decide, and write as if nobody else wrote meanwhile; give the edit that was made.

        `change` is called again, on a fresh base, when another writer came first: it must only read.
        Raises: what `change` raises, with nothing changed; TinypackError (unreachable, busy)
        """
