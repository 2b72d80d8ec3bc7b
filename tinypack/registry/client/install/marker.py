"""What an installed package's folder says of itself, so that an upgrade knows its own files from other people's.

Hidden, because Arduino's and PlatformIO's tools pass over hidden files.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tinypack.registry.entries import sha256

NAME = ".tinypack.json"
SCHEMA = "tinypack-installed/1"
MOST_BYTES = 8 << 20  # of a marker
#: Left by file managers.
PASSED_OVER = (".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Marker:
    """What was put into a folder.

    source  SHA-256 of the archive, or of a local project's files
    files   path -> SHA-256
    """

    name: str
    version: str
    source: str
    files: Mapping[str, str]

    def to_bytes(self) -> bytes:
        plain = {"schema": SCHEMA, "name": self.name, "version": self.version, "source": self.source}
        return (json.dumps({**plain, "files": dict(sorted(self.files.items()))}, indent=1) + "\n").encode()


def marker_of(name: str, version: str, source: str, files: Mapping[str, bytes]) -> Marker:
    return Marker(name, version, source, {path: sha256(data) for path, data in files.items()})


def read_marker(folder: Path) -> Marker | None:
    """Read the marker of a folder; None if it has none."""
    try:
        if not (folder / NAME).is_file():
            return None
        with (folder / NAME).open("rb") as file:
            found = json.loads(file.read(MOST_BYTES))
        name, version, source, files = (found[key] for key in ("name", "version", "source", "files"))
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None
    right = isinstance(files, dict) and all(isinstance(part, str) for part in (name, version, source, *files.values()))
    return Marker(name, version, source, files) if right else None


def differences(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Say how a folder differs from what it was given: path -> SHA-256."""
    there = dict(_files(folder))
    own = (path for path in there if path.rpartition("/")[2] not in PASSED_OVER)
    found = [f"{path} was added" for path in own if path not in files and path != NAME]
    for path, digest in files.items():
        if path not in there:
            found.append(f"{path} is missing")
        elif there[path] is None or _hash(folder / path) != digest:
            found.append(f"{path} was changed")
    return sorted(found)


def _files(folder: Path) -> Iterator[tuple[str, os.DirEntry[str] | None]]:
    """List what is not a folder; None stands for links, pipes and the like, which tinypack never makes."""
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        for entry in os.scandir(folder / prefix):
            if entry.is_dir(follow_symlinks=False):
                waiting.append(f"{prefix}{entry.name}/")
            else:
                yield prefix + entry.name, entry if entry.is_file(follow_symlinks=False) else None


def _hash(path: Path) -> str:
    try:
        return sha256(path.read_bytes())
    except OSError:
        return ""
