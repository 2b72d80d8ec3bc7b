"""Registries with real packages of a tiny model: candidates that admission takes, and registries that hold them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.content import make_content
from tinypack.formats import FORMATS, build_artifact
from tinypack.formats.archive import pack
from tinypack.formats.unpack import read_archive
from tinypack.manifest import Project
from tinypack.names import c_names
from tinypack.pack import make_record
from tinypack.package import Artifact
from tinypack.registry.entries import Mode, sha256
from tinypack.registry.publishing.candidate import Candidate
from tinypack.registry.publishing.candidate import make_candidate as read
from tinypack.registry.stores import Store
from tinypack.registry.stores.opening import open_store
from tinypack.registry.trust.keys import KeyFolder
from tinypack.registry.trust.manage import init_registry
from tinypack.verify.report import Attestation, Result, Status

Content = tuple[dict[str, Any], tuple[Artifact, ...]]
UNTESTED = "zephyr"


@cache
def built(name: str, version: str, labels: tuple[str, ...], ports: int, package: str) -> Content:
    """Build all formats of a package of a tiny model: record and archives."""
    content = make_content(name, labels, ports, version=version, **json.loads(package))
    artifacts = tuple(build_artifact(format, content) for format in FORMATS.values())
    model = Path("model.tflite")
    project = Project(Path(), Path("tinypack.toml"), model, content.manifest, c_names(name))
    return make_record(content, project, artifacts), artifacts


def attested(record: Mapping[str, Any], statuses: Mapping[str, Status] | None = None) -> dict[str, Any]:
    """Say that all ran on two boards, except Zephyr's, which did not; `statuses`: of formats that differ."""
    results = []
    for artifact in record["artifacts"]:
        format = artifact["format"]
        status = (statuses or {}).get(format, "not-run" if format == UNTESTED else "passed")
        for board in ("native", "mps2-an386"):
            result = Result(record["name"], record["version"], artifact["sha256"], format, board, status)
            ran = status == "passed"
            about = {"vectors": 14, "machine": "made up", "compiler": "GNU C11 12.2.0", "flags": "-Os"} if ran else {}
            sizes = {"flash_bytes": 9000, "ram_bytes": 500, "instructions": 1234} if ran else {}
            reason = {} if ran else {"reason": "ZEPHYR_BASE is not set"}
            results.append(Result(**{**vars(result), **about, **sizes, **reason}))
    return Attestation(record, tuple(results), Path()).to_json()


def make_files(
    name: str = "door-guard",
    version: str = "1.0.0",
    *,
    labels: tuple[str, ...] = ("left", "right", "none"),
    ports: int = 1,
    record: Mapping[str, Any] | None = None,
    archives: Mapping[str, Mapping[str, bytes | None]] | None = None,
    raw: Mapping[str, bytes] | None = None,
    beside: Mapping[str, bytes] | None = None,
    attestation: Mapping[str, Any] | bool | None = True,
    statuses: Mapping[str, Status] | None = None,
    **package: Any,
) -> dict[str, bytes]:
    """Make what `tinypack build` and `tinypack verify` write into `dist`: filename -> bytes.

    record       keys of the record that are changed after the build
    archives     format -> path in the package, or behind a / in the archive -> other bytes, None to leave it out;
                 hashes follow
    raw          format -> bytes that stand for the archive; hashes follow
    beside       further files, by name
    attestation  keys that are changed; False for none
    statuses     format -> what became of it, where it did not pass
    package      keys of [package]
    """
    given = {"description": "Hears the door.", "license": "Apache-2.0", **package}
    plain, artifacts = built(name, version, labels, ports, json.dumps(given, sort_keys=True))
    artifacts = tuple(_changed(name, artifact, (archives or {}).get(artifact.format, {})) for artifact in artifacts)
    artifacts = tuple(_replaced(artifact, (raw or {}).get(artifact.format)) for artifact in artifacts)
    listed = [
        {"format": each.format, "filename": each.filename, "size": len(each.data), "sha256": each.sha256}
        for each in artifacts
    ]
    whole = {**plain, "artifacts": listed, **(record or {})}
    files = {artifact.filename: artifact.data for artifact in artifacts} | dict(beside or {})
    files[f"{name}-{version}.json"] = (json.dumps(whole, indent=2, ensure_ascii=False) + "\n").encode()
    if attestation is not False:
        said = {**attested(whole, statuses), **(attestation if isinstance(attestation, Mapping) else {})}
        files[f"{name}-{version}.attestation.json"] = json.dumps(said).encode()
    return files


def make_dist(folder: Path, name: str = "door-guard", version: str = "1.0.0", **changes: Any) -> Path:
    """Write such files into a folder, which may hold others; give the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for filename, data in make_files(name, version, **changes).items():
        (folder / filename).write_bytes(data)
    return folder


def make_candidate(name: str = "door-guard", version: str = "1.0.0", **changes: Any) -> Candidate:
    """Make a candidate; changes are those of `make_files`."""
    files = make_files(name, version, **changes)
    record = files.pop(f"{name}-{version}.json")
    attestation = files.pop(f"{name}-{version}.attestation.json", b"")
    return read(record, files, attestation, f"{name}-{version}.json")


def _changed(name: str, artifact: Artifact, changes: Mapping[str, bytes | None]) -> Artifact:
    if not changes:
        return artifact
    top = f"{name}/" if FORMATS[artifact.format].TOP_FOLDER else ""
    files: dict[str, bytes | None] = {**read_archive(artifact.data, artifact.filename)}
    files |= {path[1:] if path.startswith("/") else top + path: data for path, data in changes.items()}
    data = pack(artifact.filename, {path: data for path, data in files.items() if data is not None})
    return _replaced(artifact, data)


def _replaced(artifact: Artifact, data: bytes | None) -> Artifact:
    return replace(artifact, data=data, sha256=sha256(data)) if data is not None else artifact


@dataclass(frozen=True)
class Published:
    """A registry in a folder.

    keys        the registry's own: root and online
    publishers  those of one publisher, in public registries; the same folder in private ones
    """

    url: str
    root: Path
    store: Store
    keys: KeyFolder
    publishers: KeyFolder

    def copy(self, folder: Path) -> Published:
        """Give another one like it, keys and all; only of registries in folders."""
        home = self.root.parent
        shutil.copytree(home, folder, dirs_exist_ok=True)
        keys, publishers = (KeyFolder(folder / each.folder.relative_to(home)) for each in (self.keys, self.publishers))
        url = str(folder / "registry")
        return Published(url, folder / "registry", open_store(url), keys, publishers)

    def publish(self, name: str = "door-guard", version: str = "1.0.0", **changes: Any) -> None:
        """Publish a package that `make_files` makes."""
        from tinypack.registry.publishing.publish import publish_candidates

        publish_candidates([make_candidate(name, version, **changes)], self.url, self.keys, unverified=True)


def empty_registry(folder: Path, mode: Mode = "private", bins: int = 4, url: str = "", **settings: Any) -> Published:
    """Start a registry in `folder/registry`, or at a URL, with keys in `folder/keys`."""
    url = url or str(folder / "registry")
    store, keys = open_store(url), KeyFolder(folder / "keys")
    init_registry(store, keys, mode, bins, **settings)
    publishers = keys if mode == "private" else KeyFolder(folder / "publisher-keys")
    if mode == "public":
        publishers.generate("publisher")
        keys.generate("publisher")
    return Published(url, folder / "registry", store, keys, publishers)


def published_registry(
    folder: Path, packages: Iterable[tuple[str, str]] = (("door-guard", "1.0.0"),), mode: Mode = "private"
) -> Published:
    """Start a registry with packages (name, version), published in this order."""
    registry = empty_registry(folder, mode)
    for name, version in packages:
        registry.publish(name, version)
    return registry
