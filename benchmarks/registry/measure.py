"""Measure a registry as its users meet it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tinypack.registry.client.registry import Registry
from tinypack.registry.client.resolve import Wanted, resolve
from tinypack.registry.entries import Archive
from tinypack.registry.paths import METADATA
from tinypack.registry.publishing.publish import publish
from tinypack.registry.trust.keys import KeyFolder

TRIES = 15
QUERIES = ("gesture glove", "wake", "quiet bearing mill", "vib", "sound river train", "no-such-thing")


@dataclass(frozen=True)
class Published:
    """What publishing a version wrote."""

    files: int
    archive_bytes: int
    other_bytes: int
    milliseconds: float


@dataclass(frozen=True)
class Asked:
    """How long a client takes.

    resolve_ms, search_ms  warm: median; a search's is that of the slowest query
    first_search_s         with nothing in the cache
    peak_mib               of the process
    """

    resolve_ms: float
    search_ms: float
    first_search_s: float
    peak_mib: float


def measure_publishing(registry: Path, keys: KeyFolder, dist: Path) -> Published:
    """Publish what is in a folder, and see which files are new or changed."""
    before = _files(registry)
    start = time.perf_counter()
    publish(dist, str(registry), keys=keys)
    milliseconds = (time.perf_counter() - start) * 1e3
    written = {path: size for path, (size, date) in _files(registry).items() if before.get(path) != (size, date)}
    archives = sum(size for path, size in written.items() if path.startswith("archives/"))
    return Published(len(written), archives, sum(written.values()) - archives, milliseconds)


def measure_asking(registry: Path, cache: Path, names: list[str]) -> Asked:
    """Search and resolve, each time as a process that starts with what earlier ones left in the cache."""
    start = time.perf_counter()
    Registry(str(registry), cache).search(QUERIES[0])
    first = time.perf_counter() - start
    resolving = [_milliseconds(lambda name=name: _resolve(registry, cache, name)) for name in names]
    searching = [
        median(_milliseconds(lambda words=words: Registry(str(registry), cache).search(words)) for _ in range(TRIES))
        for words in QUERIES
    ]
    return Asked(median(resolving), max(searching), first, _peak_mib())


def largest_metadata(registry: Path) -> int:
    """Give the bytes of the largest file of metadata."""
    return max(path.stat().st_size for path in (registry / METADATA).iterdir())


def _resolve(registry: Path, cache: Path, name: str) -> Archive | None:
    index = Registry(str(registry), cache).package(name)
    return resolve(index, Wanted(name, "^1.2")).release.body.archive("platformio")


def _peak_mib() -> float:
    """Give the most memory that this process had; getrusage's figure would hold its parent's, too."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def _milliseconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1e3


def _files(folder: Path) -> dict[str, tuple[int, int]]:
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.name.startswith("."):
            status = path.stat()
            found[path.relative_to(folder).as_posix()] = (status.st_size, status.st_mtime_ns)
    return found
