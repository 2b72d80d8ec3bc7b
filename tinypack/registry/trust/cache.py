"""What a client keeps of a registry, all of it verified before it was written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from tinypack.errors import TinypackError
from tinypack.output import write_whole
from tinypack.registry.trust.settings import Settings

PATIENCE = 120.0  # seconds that a process waits for another that refreshes the same cache
TOP = ("timestamp.json", "snapshot.json", "targets.json")


@dataclass(frozen=True)
class State:
    """What the last verified refresh found; enough to go on without reading metadata again.

    registry   SHA-256 of the first root
    timestamp  SHA-256 of timestamp.json
    targets    SHA-256 of targets.json, which says who signs bins
    expires    when the first of root, timestamp, snapshot and targets does
    bits       of a hash of a package's path that give its bin
    bins       bin -> version; those that hold something
    """

    registry: str
    timestamp: str
    targets: str
    version: int
    expires: str
    settings: Settings
    root_keys: dict[str, dict[str, Any]]
    online_keys: dict[str, dict[str, Any]]
    bits: int
    prefix: str
    bins: dict[str, int]

    def expired(self, now: datetime) -> bool:
        """Say whether the registry must be signed again before it is trusted further."""
        return now >= datetime.fromisoformat(self.expires)


@dataclass(frozen=True)
class Place:
    """Where a bin says that a package's index lies."""

    sha256: str
    length: int
    summary: dict[str, Any]


class Cache:
    """A folder a registry; processes that share it take turns."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = FileLock(folder / "lock", timeout=PATIENCE)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Keep other processes away.

        Raises: TinypackError (busy, io)
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout:
            rule = f"a process has the cache to itself for less than {PATIENCE:.0f} s"
            raise TinypackError.one("busy", str(self.folder), rule, "another one still has it") from None
        except OSError as error:
            rule = "the cache's folder must be writable"
            raise TinypackError.one("io", str(self.folder), rule, str(error.strerror)) from None
        try:
            yield
        finally:
            self._lock.release()

    def state(self) -> State | None:
        """Give what is known; None at first, or if it is damaged."""
        try:
            found = json.loads((self.folder / "state.json").read_bytes())
            return State(**{**found, "settings": Settings(**found["settings"])})
        except (OSError, ValueError, TypeError, LookupError):
            return None

    def roots(self) -> list[bytes]:
        """Give the trusted roots, oldest first."""
        folder = self.folder / "roots"
        names = [f"{number}.root.json" for number in range(1, len(list(folder.glob("*.root.json"))) + 1)]
        return [(folder / name).read_bytes() for name in names]

    def top(self) -> dict[str, bytes]:
        """Give the metadata that must not be gone behind."""
        folder = self.folder / "metadata"
        return {name: (folder / name).read_bytes() for name in TOP if (folder / name).exists()}

    def put(self, state: State, roots: list[bytes], top: dict[str, bytes]) -> None:
        """Write what a refresh found; the state last."""
        write_whole(self.folder / "roots", {f"{number}.root.json": data for number, data in enumerate(roots, start=1)})
        write_whole(self.folder / "metadata", top)
        write_whole(self.folder, {"state.json": json.dumps(asdict(state), separators=(",", ":")).encode()})

    def bin(self, name: str, version: int, targets: str) -> dict[str, Place] | None:
        """Give the packages of a bin; None unless this version of it is here, signed by whom it is delegated to now."""
        try:
            found = json.loads((self.folder / "bins" / f"{name}.json").read_bytes())
            if (found["version"], found["targets"]) != (version, targets):
                return None
            return {package: Place(*place) for package, place in found["packages"].items()}
        except (OSError, ValueError, TypeError, LookupError):
            return None

    def put_bin(self, name: str, version: int, targets: str, packages: dict[str, Place]) -> None:
        """Write a bin."""
        rows = {package: (place.sha256, place.length, place.summary) for package, place in packages.items()}
        data = json.dumps({"version": version, "targets": targets, "packages": rows}, separators=(",", ":")).encode()
        write_whole(self.folder / "bins", {f"{name}.json": data})

    def index(self, name: str) -> bytes:
        """Give the last index of a package; b"" if there is none."""
        try:
            return (self.folder / "index" / f"{name}.jsonl").read_bytes()
        except OSError:
            return b""

    def put_index(self, name: str, data: bytes) -> None:
        """Write an index."""
        write_whole(self.folder / "index", {f"{name}.jsonl": data})
