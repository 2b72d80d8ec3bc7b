"""A registry that holds one small package, without files or signatures: what its client gives."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.model_builder import Op, T, build
from tinypack import build_package
from tinypack.errors import TinypackError
from tinypack.manifest import load_project
from tinypack.package import Artifact
from tinypack.registry.entries import Archive, File, Release, Signed, sha256
from tinypack.registry.package_index import Line, PackageIndex
from tinypack.source import source_archive

X = T((2, 3), scale=0.5)
MODEL = build([X, X], [Op("RELU", (0,), (1,))], [0], [1])
TEXT = """\
[package]
name = "small"
version = "1.0.0"
license = "MIT"
[model]
file = "model.tflite"
[build]
formats = ["cmake", "arduino"]
boards = ["native"]
"""


@dataclass(eq=False)
class FakeRegistry:
    """Files by format; tests put others in their place."""

    files: dict[str, tuple[str, bytes]]
    release: Mapping[str, Any]
    fetched: list[str] = field(default_factory=list)

    def package(self, name: str) -> PackageIndex:
        if name != "small":
            raise TinypackError.one("no-package", name, "a package must be there")
        archives = [
            Archive(format=format, path=f"archives/{filename}", size=len(data), sha256=sha256(data))
            for format, (filename, data) in self.files.items()
        ]
        release = Release(**{**self.release, "archives": archives})
        return PackageIndex(name="small", lines=[Line(release=Signed[Release](body=release))])

    def fetch(self, file: File) -> bytes:
        self.fetched.append(file.filename)
        return next(data for filename, data in self.files.values() if filename == file.filename)

    def replace(self, format: str, data: bytes) -> None:
        """Put other bytes in an archive's place, and name them in the record, as a publisher could."""
        self.files[format] = (self.files[format][0], data)
        filename, record_file = self.files["record"]
        record = json.loads(record_file)
        for artifact in record["artifacts"]:
            if artifact["format"] == format:
                artifact |= {"sha256": sha256(data), "size": len(data)}
        self.files["record"] = (filename, json.dumps(record).encode())


def write_small(folder: Path) -> Path:
    """Write a small project; give its folder."""
    folder.mkdir(parents=True)
    (folder / "model.tflite").write_bytes(MODEL)
    (folder / "tinypack.toml").write_text(TEXT)
    return folder


def fake_registry(folder: Path, source: bool = True) -> FakeRegistry:
    """Build the package and hold it, with its source or without."""
    home = write_small(folder / "project")
    built = build_package(home)
    artifacts: list[Artifact] = [*built.artifacts, *([source_archive(load_project(home))] if source else [])]
    record = (built.folder / "small-1.0.0.json").read_bytes()
    files = {artifact.format: (artifact.filename, artifact.data) for artifact in artifacts}
    release = {
        "name": "small",
        "version": "1.0.0",
        "published": "2026-11-24T19:00:00Z",
        "tinypack": built.record["tinypack"],
        "description": "",
        "license": "MIT",
        "authors": [],
        "keywords": [],
        "repository": "",
        "model_sha256": built.record["model"]["sha256"],
        "features": "",
        "decision": "",
        "labels": [],
        "inputs": [],
        "outputs": [],
        "arena_bytes": 0,
        "ram_bytes": 0,
        "table_bytes": 0,
        "unverified": False,
    }
    return FakeRegistry({**files, "record": ("small-1.0.0.json", record)}, release)
