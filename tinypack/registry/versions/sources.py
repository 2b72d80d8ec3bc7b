"""Opens a package to be compared: a project, a folder with built archives, a record, or NAME@VERSION of a registry."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tinypack.errors import TinypackError
from tinypack.formats import FORMATS
from tinypack.formats.unpack import read_archive
from tinypack.manifest import FILENAME, load_project
from tinypack.model_file import read_model
from tinypack.pack import make_content, make_record
from tinypack.registry.entries import Archive, sha256
from tinypack.registry.package_index import Line, PackageIndex
from tinypack.registry.versions.facts import Facts, header_path, make_facts, with_results

SCHEMA = "tinypack-record/1"
MOST_RECORD_BYTES = 16 << 20
PROJECT_ENDINGS = (".toml", ".tflite")
Fetch = Callable[[Archive], bytes]
Files = Mapping[str, bytes]


@dataclass(frozen=True, eq=False)
class Opened:
    """A package.

    files     of one of its archives; None where none is at hand
    versions  that its registry has; empty if it is from none
    """

    facts: Facts
    files: Files | None
    versions: tuple[str, ...] = ()

    @property
    def sources(self) -> dict[str, bytes]:
        """The package's C, as it lies in `src`: path -> bytes.

        Raises: TinypackError (bad-archive)
        """
        name = self.facts.name
        if self.files is None:
            where, rule = f"{name} {self.facts.version}", "an archive must lie beside its record"
            raise TinypackError.one("bad-archive", where, rule, "none")
        path = header_path(name, self.files)
        folder = path.removesuffix(path.rpartition("/")[2])
        mine = (path, f"{path.removesuffix('.h')}/")
        return {key.removeprefix(folder): data for key, data in self.files.items() if key.startswith(mine)}


def open_package(text: str, registry: str = "") -> Opened:
    """Open what a user names: a path, or NAME@VERSION of a registry.

    Raises: TinypackError if there is no such thing, or it can't be read or built
    """
    path = Path(text)
    if path.is_dir() and not (path / FILENAME).exists():
        return _from_record(_only_record(path))
    if path.is_dir() or path.suffix.lower() in PROJECT_ENDINGS:
        return open_project(path)
    if path.exists():
        return _from_record(path)
    name, at, version = text.partition("@")
    if not at or "/" in text:
        rule = "a package is a project, a folder with built archives, a record, or NAME@VERSION"
        raise TinypackError.one("io", text, rule, "no such file or folder")
    return open_published(name, version, registry)


def open_project(path: Path) -> Opened:
    """Build a project in memory, without archives.

    Raises: TinypackError with every reason why it can't be built
    """
    project = load_project(path)
    content = make_content(project, read_model(project.model_path))
    files = {file: text.encode() for file, text in content.sources.items()}
    return Opened(make_facts(make_record(content, project, []), files), files)


def open_published(name: str, version: str, registry: str) -> Opened:
    """Open a version of a registry.

    Raises: TinypackError (no-package, and what fetching raises)
    """
    fetched = open_index(name, registry)
    line = fetched.index.line(version)
    if line is None:
        found = ", ".join(known.version for known in fetched.index.lines[-10:]) or "none"
        raise TinypackError.one("no-package", f"{name}@{version}", f"{name} must have that version", found)
    return replace(open_line(line, fetched.fetch), versions=fetched.versions)


@dataclass(frozen=True, eq=False)
class Fetched:
    """What a registry has of a package, and how its archives are fetched."""

    index: PackageIndex
    fetch: Fetch

    @property
    def versions(self) -> tuple[str, ...]:
        return tuple(line.version for line in self.index.lines)


def open_index(name: str, registry: str) -> Fetched:
    """Ask a registry for a package.

    Raises: TinypackError (no-package, and what the client raises)
    """
    if not registry:
        rule, hint = "a registry must be named", "give --registry, or set TINYPACK_REGISTRY"
        raise TinypackError.one("no-package", name, rule, "none", hint)
    from tinypack.registry.client.registry import Registry

    client = Registry(registry)
    client.refresh()
    return Fetched(client.package(name), client.fetch)


def open_line(line: Line, fetch: Fetch) -> Opened:
    """Open a version that an index tells of; `fetch` gives an archive's bytes.

    Raises: TinypackError (bad-registry, bad-archive, and what `fetch` raises)
    """
    release = line.release.body
    where = f"{release.name} {release.version}"
    record = release.archive("record")
    archives = [archive for archive in release.archives if archive.format in FORMATS]
    if record is None or not archives:
        rule = "a version has a record and an archive"
        raise TinypackError.one("bad-registry", where, rule, "one of them is missing")
    code = min(archives, key=lambda archive: archive.size)
    files = read_archive(fetch(code), code.filename)
    facts = make_facts(read_json(fetch(record), record.filename), files, where=where)
    return Opened(with_results(facts, line.boards.values()), files)


def read_json(data: bytes, where: str) -> dict[str, Any]:
    """Read an object of JSON that may be anything.

    Raises: TinypackError (bad-archive)
    """
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise TinypackError.one("bad-archive", where, "the file must be JSON", str(error)[:200]) from None
    if not isinstance(found, dict):
        raise TinypackError.one("bad-archive", where, "the file must be an object of JSON", type(found).__name__)
    return found


def _only_record(folder: Path) -> Path:
    paths = [path for path in sorted(folder.glob("*.json")) if _is_record(path)]
    if len(paths) != 1:
        rule, found = "a folder must hold one package's record", ", ".join(path.name for path in paths) or "none"
        raise TinypackError.one("io", str(folder), rule, found, "`tinypack build` writes one; or name the record")
    return paths[0]


def _is_record(path: Path) -> bool:
    try:
        return read_json(_read(path), str(path)).get("schema") == SCHEMA
    except TinypackError:
        return False


def _from_record(path: Path) -> Opened:
    record = read_json(_read(path), str(path))
    facts = make_facts(record, where=str(path))
    hashes = {artifact.filename: artifact.sha256 for artifact in facts.record.artifacts}
    files = _beside(path.parent, hashes)
    attested = path.parent / f"{facts.name}-{facts.version}.attestation.json"
    attestation = read_json(_read(attested), str(attested)) if attested.is_file() else {}
    if _hashes(attestation) != set(hashes.values()):
        attestation = {}  # of another build
    return Opened(make_facts(record, files, attestation, str(path)), files)


def _beside(folder: Path, hashes: Mapping[str, str]) -> Files | None:
    """Read the first archive that lies beside its record."""
    for filename, expected in hashes.items():
        path = folder / filename
        if Path(filename).name == filename and path.is_file():
            data = path.read_bytes()
            if sha256(data) != expected:
                raise TinypackError.one("bad-archive", str(path), "it must be what its record says", "other bytes")
            return read_archive(data, str(path))
    return None


def _hashes(attestation: Mapping[str, Any]) -> set[Any]:
    artifacts = attestation.get("artifacts")
    rows = artifacts if isinstance(artifacts, list) else []
    return {row["sha256"] for row in rows if isinstance(row, dict) and isinstance(row.get("sha256"), str)}


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_RECORD_BYTES + 1)
    except OSError as error:
        raise TinypackError.one("io", str(path), "the file must be readable", str(error.strerror)) from None
    if len(data) > MOST_RECORD_BYTES:
        raise TinypackError.one("io", str(path), f"a record may have up to {MOST_RECORD_BYTES} bytes", "more")
    return data
