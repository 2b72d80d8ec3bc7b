"""A registry as its users see it: what it has, verified, and its archives, from the cache or fetched."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tinypack.registry.client.cache import ArchiveCache, cache_folder
from tinypack.registry.client.download import Downloads, OnBytes
from tinypack.registry.client.lockfile import is_folder
from tinypack.registry.entries import Archive, File, sha256
from tinypack.registry.package_index import PackageIndex
from tinypack.registry.snippets import archive_url
from tinypack.registry.stores import Reader
from tinypack.registry.stores.opening import open_reader, split_pin

if TYPE_CHECKING:
    from tinypack.registry.client.search import Hit, SearchDatabase
    from tinypack.registry.trust.client import Trusted

Found = TypeVar("Found")


def _nobody(size: int) -> None:
    """Hear how many bytes came."""


class Registry:
    """Reads a registry. Nothing is fetched before it is asked for.

    url      folder or address; `#sha256=…` pins its first root
    cache    folder of what was fetched, of all registries
    offline  only what was fetched before
    Raises: TinypackError (unreachable) if it is no address
    """

    def __init__(self, url: str, cache: Path | None = None, offline: bool = False) -> None:
        address, self._pin = split_pin(url)
        self._address = os.path.abspath(Path(address).expanduser()) if is_folder(address) else address  # noqa: PTH100
        self.offline = offline
        self._cache = cache or cache_folder()

    @property
    def url(self) -> str:
        """The address, without a pin or a password."""
        return self._reader.url

    def refresh(self) -> None:
        """Learn what is new, and verify it.

        Raises: TinypackError (bad-registry, busy, expired, io, unreachable, untrusted)
        """
        self._trusted.refresh()

    @property
    def root_sha256(self) -> str:
        """What a pin says of this registry."""
        return self._trusted.root_sha256

    @property
    def title(self) -> str:
        """What its owner calls it; "" if nothing."""
        return self._trusted.settings.name

    def package(self, name: str) -> PackageIndex:
        """Give all that is known of a package.

        Raises: TinypackError (no-package; as `refresh`)
        """
        return self._trusted.index(name)

    def fetch(self, archive: File) -> bytes:
        """Give an archive, or another file of the index, if its size and hash are right.

        Raises: TinypackError (unreachable, bad-registry, untrusted)
        """
        return self._downloads.fetch(archive, _nobody)

    def fetch_all(
        self, archives: Iterable[Archive], progress: OnBytes | None = None
    ) -> Iterator[tuple[Archive, bytes]]:
        """Give archives in their order, fetched side by side; `progress` hears how many bytes came.

        Raises: TinypackError (unreachable, bad-registry, untrusted)
        """
        wanted = list(archives)
        return zip(wanted, self._downloads.fetch_all(wanted, progress or _nobody), strict=True)

    def url_of(self, file: File) -> str:
        """Say where others fetch a file; "" if only tinypack can."""
        return archive_url(self.url, file)

    def search(self, words: str, limit: int = 20) -> list[Hit]:
        """Find packages by words, best first.

        Raises: TinypackError (as `refresh`)
        """
        return self._asked(lambda database: database.search(words, limit))

    def names(self) -> list[str]:
        """List all packages.

        Raises: TinypackError (as `refresh`)
        """
        return self._asked(lambda database: database.names())

    def _asked(self, question: Callable[[SearchDatabase], Found]) -> Found:
        """Ask the search database when it has all that the registry has; a damaged one is made anew."""
        from tinypack.registry.client.search import Damaged, SearchDatabase

        database = SearchDatabase(self._home / f"search-{self._trusted.delegation[:16]}.sqlite")
        try:
            return self._answer(database, question)
        except Damaged:
            database.discard()
            return self._answer(database, question)

    def _answer(self, database: SearchDatabase, question: Callable[[SearchDatabase], Found]) -> Found:
        database.update(self._trusted.summaries(database.versions()))
        return question(database)

    @cached_property
    def _home(self) -> Path:
        """The folder of what is known of this registry; another pin means another one.

        With a pin, that of its use without one, if it was the one: lockfiles pin what was trusted on first use.
        """
        from tinypack.registry.trust.cache import Cache

        first, pinned = (self._cache / sha256(f"{self.url}#{pin}".encode())[:32] for pin in ("", self._pin))
        if pinned.exists():
            return pinned
        known = Cache(first / "trusted").state()
        return first if known and known.registry == self._pin else pinned

    @cached_property
    def _reader(self) -> Reader:
        return open_reader(self._address)

    @cached_property
    def _downloads(self) -> Downloads:
        return Downloads(self._reader, ArchiveCache(self._cache / "archives"), self.offline)

    @cached_property
    def _trusted(self) -> Trusted:
        from tinypack.registry.trust.client import Trusted

        return Trusted(self._reader, self._home / "trusted", self._pin, self.offline)
