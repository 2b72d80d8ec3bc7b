"""Made-up packages of a registry, and a registry of them in memory: archives that look as tinypack's do, unsigned."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from tests.support.content import make_content
from tinypack.errors import TinypackError
from tinypack.formats import FORMATS, build_artifact
from tinypack.formats.archive import pack
from tinypack.package import Artifact
from tinypack.registry import paths
from tinypack.registry.entries import Archive, File, Release, Signed, Yank
from tinypack.registry.package_index import Line, PackageIndex

BASE = "https://registry.example.org/r"
MADE = "2026-11-24T19:00:00Z"


def make_release(name: str = "door-guard", version: str = "1.0.0", **changes: Any) -> Release:
    """Make a release without archives."""
    given: dict[str, Any] = {
        "name": name,
        "version": version,
        "published": MADE,
        "tinypack": "0.5.0",
        "description": "Hears the door.",
        "license": "Apache-2.0",
        "authors": ["Ada <ada@example.org>", "Bob"],
        "keywords": ["door", "audio"],
        "repository": "https://example.org/door-guard",
        "model_sha256": "ab" * 32,
        "features": "",
        "decision": "",
        "labels": ["left", "right"],
        "inputs": ["int8 [1, 6]"],
        "outputs": ["int8 [1, 3]"],
        "arena_bytes": 64,
        "ram_bytes": 80,
        "table_bytes": 120,
        "unverified": False,
        "archives": [],
    }
    return Release(**{**given, **changes})


def make_line(release: Release, yanked: str = "") -> Line:
    """Make an unsigned line, yanked if a reason is given."""
    yank = Yank(name=release.name, version=release.version, made=MADE, why=yanked)
    return Line(release=Signed[Release](body=release), yank=Signed[Yank](body=yank) if yanked else None)


@cache
def _built(name: str, version: str, description: str) -> tuple[Artifact, ...]:
    content = make_content(name, version=version, description=description)
    return tuple(build_artifact(format, content) for format in FORMATS.values())


class MadeUp:
    """A registry of made-up packages: what exports need of the client's."""

    def __init__(self, url: str = BASE) -> None:
        self.url = url
        self.files: dict[str, bytes] = {}
        self.indexes: dict[str, PackageIndex] = {}

    def add(self, name: str = "door-guard", version: str = "1.0.0", yanked: str = "", **changes: Any) -> Line:
        """Publish a version in all formats: a real package of a tiny model."""
        artifacts = _built(name, version, changes.get("description", "Hears the door."))
        return self.publish(name, version, {a.format: (a.filename, a.data) for a in artifacts}, yanked, **changes)

    def add_files(self, version: str, format: str, filename: str, files: Mapping[str, bytes], **changes: Any) -> Line:
        """Publish a version of `door-guard` in one format, with files of any kind."""
        return self.publish("door-guard", version, {format: (filename, pack(filename, files))}, **changes)

    def publish(
        self, name: str, version: str, archives: Mapping[str, tuple[str, bytes]], yanked: str = "", **changes: Any
    ) -> Line:
        entries = [self._keep(name, version, format, *given) for format, given in archives.items()]
        line = make_line(make_release(name, version, archives=entries, **changes), yanked)
        lines = [*self.indexes[name].lines, line] if name in self.indexes else [line]
        self.indexes[name] = PackageIndex(name=name, lines=lines)
        return line

    def yank(self, name: str, version: str, why: str) -> None:
        """Yank a version."""
        lines = [
            make_line(line.release.body, why) if line.version == version else line for line in self.indexes[name].lines
        ]
        self.indexes[name] = PackageIndex(name=name, lines=lines)

    def _keep(self, name: str, version: str, format: str, filename: str, data: bytes) -> Archive:
        digest = hashlib.sha256(data).hexdigest()
        path = paths.archive_path(name, version, digest, filename)
        self.files[path] = data
        return Archive(format=format, path=path, size=len(data), sha256=digest)

    def refresh(self) -> None:
        """There is nothing to learn."""

    def names(self) -> list[str]:
        return sorted(self.indexes)

    def package(self, name: str) -> PackageIndex:
        if name not in self.indexes:
            raise TinypackError.one("no-package", name, "the registry must have the package", "none")
        return self.indexes[name]

    def fetch(self, archive: File) -> bytes:
        return self.files[archive.path]

    def fetch_all(
        self, archives: Iterable[Archive], progress: Callable[[str], None] | None = None
    ) -> Iterator[tuple[Archive, bytes]]:
        return ((archive, self.fetch(archive)) for archive in archives)

    def url_of(self, file: File) -> str:
        return f"{self.url}/{file.path}"
