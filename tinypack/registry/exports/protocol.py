"""What every exporter is given and gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tinypack.registry.entries import Archive, File, Release
from tinypack.registry.package_index import PackageIndex


class Source(Protocol):
    """What exports need of a registry."""

    def names(self) -> Sequence[str]:
        """List all packages."""

    def package(self, name: str) -> PackageIndex:
        """Give a package's index.

        Raises: TinypackError (no-package)
        """

    def fetch(self, archive: Archive) -> bytes:
        """Give an archive whose size and hash are right."""

    def url_of(self, file: File) -> str:
        """Say where others fetch a file."""


@dataclass(frozen=True)
class Chosen:
    """The versions of a package that an export takes, in the order of publishing, each with the archive wanted."""

    name: str
    versions: tuple[tuple[Release, Archive], ...]


@dataclass(frozen=True)
class Exported:
    """What an export holds now.

    paths     files and repositories that were written
    versions  "door-guard 1.0.0", all that are in it
    left_out  what is not, and why: "door-guard 1.0.1: yanked: wrong labels"
    """

    paths: tuple[Path, ...]
    versions: tuple[str, ...]
    left_out: tuple[str, ...]


class Exporter(Protocol):
    """An exporter's module.

    BRIEF    one line for `tinypack export --help`
    FORMAT   of the archives that it takes
    NEWEST   True: it takes the newest version of each package alone
    URL_IS   what `--url` says, "" if it takes none
    """

    BRIEF: str
    FORMAT: str
    NEWEST: bool
    URL_IS: str

    def export(self, source: Source, packages: Sequence[Chosen], folder: Path, url: str) -> Sequence[Path]:
        """Write all of it or nothing; give what was written."""
