"""Package formats: one module each, listed here and nowhere else."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from tinypack.errors import Problem, TinypackError
from tinypack.formats import arduino, cmake, cmsis_pack, esp_idf, platformio, zephyr
from tinypack.formats.archive import pack
from tinypack.package import Artifact, Content

if TYPE_CHECKING:
    from tinypack.manifest import Package

__all__ = ["FORMATS", "Format", "build_artifact", "find_format", "package_files"]


class Format(Protocol):
    """A format module.

    NAME        the key in FORMATS, such as "arduino"
    BRIEF       one line for `tinypack formats`
    TOP_FOLDER  True: the archive holds one folder, named as the package; False: its files lie at the root
    NEEDS_URL   True: the package must name a URL, also where the manifest has no repository
    """

    NAME: str
    BRIEF: str
    TOP_FOLDER: bool
    NEEDS_URL: bool

    def filename(self, package: Package) -> str:
        """Name the archive; the ending says its kind."""

    def tree(self, content: Content) -> dict[str, bytes]:
        """Render the package: path below its folder -> bytes."""

    def validate(self, files: Mapping[str, bytes]) -> list[Problem]:
        """Find every rule of the ecosystem that a package breaks."""


MODULES: tuple[Format, ...] = (arduino, platformio, zephyr, cmake, esp_idf, cmsis_pack)
FORMATS: dict[str, Format] = {module.NAME: module for module in MODULES}


def find_format(name: str) -> Format:
    """Give a format by its name.

    Raises: TinypackError (unknown-format)
    """
    if name not in FORMATS:
        raise TinypackError.one("unknown-format", name, f"a format is one of {', '.join(FORMATS)}", name)
    return FORMATS[name]


def package_files(format: Format, content: Content) -> dict[str, bytes]:
    """Render and check a package.

    Raises: TinypackError (invalid-package) with every broken rule
    """
    files = format.tree(content)
    problems = format.validate(files)
    if problems:
        raise TinypackError(problems)
    return files


def build_artifact(format: Format, content: Content) -> Artifact:
    """Render, check and pack a package. The same content gives the same bytes.

    Raises: TinypackError (invalid-package) with every broken rule
    """
    package = content.manifest.package
    files = package_files(format, content)
    folder = f"{package.name}/" if format.TOP_FOLDER else ""
    filename = format.filename(package)
    data = pack(filename, {folder + path: file for path, file in files.items()})
    return Artifact(format.NAME, filename, data, hashlib.sha256(data).hexdigest())
