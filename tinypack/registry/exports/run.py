"""From a registry to files on disk, by an exporter's name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from tinypack.errors import TinypackError
from tinypack.output import check_folder
from tinypack.registry.exports import EXPORTS
from tinypack.registry.exports.choice import choose
from tinypack.registry.exports.protocol import Exported, Source

ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://[^\s]+|[\w.-]+@[\w.-]+:[^\s]+")


def run_export(kind: str, source: Source, wanted: Sequence[str], folder: Path, url: str = "") -> Exported:
    """Write an export of the packages wanted (NAME or NAME@RANGE), or of all, into a folder: all of it or nothing.

    The same registry gives the same bytes, and the same Git commits.
    Raises: TinypackError (no-package, io, bad-archive, unreachable, invalid-package)
    """
    exporter = EXPORTS[kind]
    check_folder(folder)
    if url and not ADDRESS.fullmatch(url):
        rule, hint = "an address is such as https://… or git@host:…", "file:///… for a folder"
        raise TinypackError.one("unreachable", "--url", rule, ascii(url[:100]), hint)
    packages, left_out = choose(source, wanted, exporter.FORMAT, exporter.NEWEST)
    if not packages:
        rule = f"there must be a package with an archive for {exporter.FORMAT}"
        raise TinypackError.one("no-package", "registry", rule, "; ".join(left_out[:3]) or "none")
    paths = exporter.export(source, packages, folder, url.rstrip("/"))
    versions = tuple(f"{package.name} {release.version}" for package in packages for release, _ in package.versions)
    return Exported(tuple(paths), versions, tuple(left_out))
