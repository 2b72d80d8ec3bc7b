"""A project on this machine in the place of a package of a registry: built anew when a file of it changed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tinypack import __version__
from tinypack.errors import TinypackError
from tinypack.registry.entries import sha256

if TYPE_CHECKING:
    from tinypack.manifest import Project


@dataclass(frozen=True)
class Local:
    """A project that is named by its path.

    Raises: TinypackError as `load_project` does
    """

    path: Path

    @property
    def name(self) -> str:
        return self._project.manifest.package.name

    @property
    def version(self) -> str:
        return self._project.manifest.package.version

    @cached_property
    def sha256(self) -> str:
        """Hash all that a build depends on.

        Raises: TinypackError (io)
        """
        lines = (f"{sha256(path.read_bytes())} {path.name}\n" for path in self._files())
        try:
            return sha256(f"tinypack {__version__}\n{''.join(lines)}".encode())
        except OSError as error:
            where = str(error.filename or self.path)
            raise TinypackError.one("io", where, "a project's files must be readable", str(error.strerror)) from None

    def build(self, format: str) -> bytes:
        """Build the archive of a format.

        Raises: TinypackError as `build_package` does
        """
        from tinypack.pack import build_package

        with tempfile.TemporaryDirectory(prefix="tinypack-") as folder:
            (artifact,) = build_package(self.path, folder, [format]).artifacts
        return artifact.data

    @cached_property
    def _project(self) -> Project:
        from tinypack.manifest import load_project

        return load_project(self.path)

    def _files(self) -> Iterator[Path]:
        from tinypack.source import BESIDE, named_files

        project = self._project
        yield from dict.fromkeys((project.manifest_path, project.model_path))
        yield from (project.root / name for name in named_files(project.manifest))
        yield from (project.root / name for name in BESIDE if (project.root / name).is_file())


def is_local(text: str) -> bool:
    """Whether an argument is a project's path rather than a package's name."""
    return "/" in text.partition("@")[0] or "\\" in text or text.startswith(".") or text.endswith((".toml", ".tflite"))
