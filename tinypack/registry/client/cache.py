"""What was fetched before: archives by their hashes, and a folder for each registry's metadata."""

from __future__ import annotations

import os
from pathlib import Path

from tinypack.errors import TinypackError
from tinypack.output import write_whole
from tinypack.registry.entries import File, sha256


def cache_folder() -> Path:
    """Say where registries' files are kept: TINYPACK_CACHE, or below the user's cache folder."""
    chosen = os.environ.get("TINYPACK_CACHE")
    if chosen:
        return Path(chosen).expanduser().absolute()
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "tinypack" / "registry"


class ArchiveCache:
    """Archives of all registries, each under its hash; one that was changed on the disk counts as absent."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, file: File) -> bytes | None:
        """Give an archive if it is there, whole and unchanged."""
        try:
            path = self._path(file)
            if path.stat().st_size != file.size:
                return None
            data = path.read_bytes()
        except OSError:
            return None
        return data if len(data) == file.size and sha256(data) == file.sha256 else None

    def put(self, file: File, data: bytes) -> None:
        """Keep an archive whose bytes are right; a disk that is full or closed to us is no failure."""
        path = self._path(file)
        try:
            write_whole(path.parent, {path.name: data})
        except TinypackError:
            return

    def _path(self, file: File) -> Path:
        return self._folder / file.sha256[:2] / file.sha256
