"""Packages of small and real models, built once, and programs that must end well."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from tinypack import build_package
from tinypack.formats.unpack import read_archive
from tinypack.package import Artifact, Built
from tinypack.verify.tools import run

TIME_LIMIT = 200.0  # seconds


def make_package(
    folder: Path,
    model: bytes,
    name: str,
    version: str = "1.0.0",
    formats: Sequence[str] | None = None,
    repository: str = "",
) -> Built:
    """Build a model's packages in a folder of their own."""
    home = folder / f"{name}-{version}"
    home.mkdir(parents=True)
    (home / "model.tflite").write_bytes(model)
    package = f'[package]\nname = {json.dumps(name)}\nversion = "{version}"\nlicense = "MIT"\n'
    package += f"repository = {json.dumps(repository)}\n" if repository else ""
    (home / "tinypack.toml").write_text(f'{package}[model]\nfile = "model.tflite"\n')
    return build_package(home, formats=formats)


def artifact(built: Built, format: str) -> Artifact:
    """Give the archive of a format."""
    return next(artifact for artifact in built.artifacts if artifact.format == format)


def archive(built: Built, format: str) -> Path:
    """Say where the archive of a format lies."""
    return built.folder / artifact(built, format).filename


def unpack(built: Built, format: str, folder: Path) -> Path:
    """Unpack an archive; give the folder that holds the package."""
    given = artifact(built, format)
    files = read_archive(given.data, given.filename)
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    top = folder / built.content.manifest.package.name
    return top if top.is_dir() else folder


def call(*argv: str | Path, cwd: Path | None = None, code: int = 0, stdin: bytes = b"", **env: str) -> str:
    """Run a program that must end with an exit code; give what it printed."""
    # The user's own flags would change what is tested.
    clean = dict.fromkeys((name for name in ("CFLAGS", "CXXFLAGS", "LDFLAGS", "DESTDIR") if name in os.environ), "")
    done = run(argv, time_limit=TIME_LIMIT, cwd=cwd, env={**clean, **env}, stdin=stdin)
    assert (done.code, done.timed_out) == (code, False), f"{done.argv}\n{done.text}{done.error_text}"
    return done.text
