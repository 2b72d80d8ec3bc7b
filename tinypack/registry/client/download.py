"""Fetches files whose size and hash are known: no byte more than announced, several side by side."""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice

from tinypack.errors import TinypackError
from tinypack.registry.client.cache import ArchiveCache
from tinypack.registry.entries import File
from tinypack.registry.stores import MOST_BYTES, NotThere, Reader

AT_ONCE = 8
#: Told the bytes that came, as they come.
OnBytes = Callable[[int], None]
SAID = "what a registry announces must come"


def download(reader: Reader, file: File, on_bytes: OnBytes, stop: threading.Event | None = None) -> bytes:
    """Read a file and check it; stop reading where it is longer than announced.

    Raises: TinypackError (unreachable, bad-registry, untrusted)
    """
    if file.size > MOST_BYTES:
        rule = f"an archive may have up to {MOST_BYTES} bytes"
        raise TinypackError.one("bad-registry", file.path, rule, f"{file.size} are announced")
    found, digest = bytearray(), hashlib.sha256()
    try:
        for chunk in reader.chunks(file.path):
            if stop is not None and stop.is_set():
                raise TinypackError.one("unreachable", file.path, SAID, "stopped")
            found += chunk
            if len(found) > file.size:
                raise TinypackError.one("untrusted", file.path, SAID, f"more than the {file.size} bytes announced")
            digest.update(chunk)
            on_bytes(len(chunk))
    except NotThere as error:
        rule = "every archive that the index names must be there"
        raise TinypackError.one("bad-registry", file.path, rule, str(error)) from None
    if len(found) < file.size:
        raise TinypackError.one("untrusted", file.path, SAID, f"{len(found)} of {file.size} bytes")
    if digest.hexdigest() != file.sha256:
        found_digest = f"SHA-256 {digest.hexdigest()} instead of {file.sha256}"
        raise TinypackError.one(
            "untrusted", file.path, "an archive must have the hash that its index names", found_digest
        )
    return bytes(found)


class Downloads:
    """Gives files from the cache, or fetches them into it."""

    def __init__(self, reader: Reader, cache: ArchiveCache, offline: bool) -> None:
        self._reader = reader
        self._cache = cache
        self._offline = offline

    def fetch(self, file: File, on_bytes: OnBytes, stop: threading.Event | None = None) -> bytes:
        """Give one file.

        Raises: TinypackError (unreachable, bad-registry, untrusted)
        """
        kept = self._cache.get(file)
        if kept is not None:
            on_bytes(file.size)
            return kept
        if self._offline:
            rule = "offline, an archive must have been fetched before"
            raise TinypackError.one("unreachable", file.path, rule, "not in the cache", "try without --offline")
        data = download(self._reader, file, on_bytes, stop)
        self._cache.put(file, data)
        return data

    def fetch_all(self, files: Iterable[File], on_bytes: OnBytes) -> Iterator[bytes]:
        """Give files in their order, fetched side by side, never more of them in memory than are fetched at once.

        Raises: TinypackError as `fetch` does, for the first that fails
        """
        stop = threading.Event()
        pool = ThreadPoolExecutor(AT_ONCE)
        todo = iter(files)
        running: deque[Future[bytes]] = deque()
        try:
            for file in islice(todo, AT_ONCE):
                running.append(pool.submit(self.fetch, file, on_bytes, stop))
            while running:
                data = running.popleft().result()
                for file in islice(todo, 1):
                    running.append(pool.submit(self.fetch, file, on_bytes, stop))
                yield data
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)
