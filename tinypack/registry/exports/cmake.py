"""A `<name>.cmake` a package, which a CMakeLists.txt includes: FetchContent with the hash of the archive."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tinypack.output import write_whole
from tinypack.registry.exports.files import described, web_url
from tinypack.registry.exports.protocol import Chosen, Source
from tinypack.registry.snippets import fetch_content

BRIEF = "A file of CMake's FetchContent a package, with URL and hash."
FORMAT = "cmake"
NEWEST = True
URL_IS = ""


def export(source: Source, packages: Sequence[Chosen], folder: Path, url: str) -> Sequence[Path]:
    files = {}
    for package in packages:
        ((release, archive),) = package.versions
        text = fetch_content(release.name, release.version, web_url(source, archive), archive.sha256)
        files[f"{release.name}.cmake"] = f"# {described(release)}\n{text}".encode()
    write_whole(folder, files)
    return [folder / name for name in files]
