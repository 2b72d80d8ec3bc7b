"""A package that is to be published: its record, its archives, what lies beside them, and an attestation if any."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from semver import Version

from tinypack.errors import TinypackError
from tinypack.manifest import FILENAME, load_project
from tinypack.pack import Progress, build_package
from tinypack.registry.entries import sha256
from tinypack.registry.publishing.record import (
    MOST_ATTESTATION_BYTES,
    MOST_RECORD_BYTES,
    RECORD,
    Attestation,
    Record,
    read_attestation,
    read_object,
    read_record,
)

MOST_ARCHIVE_BYTES = 64 << 20
#: What may lie beside the archives: kind -> how its file is named.
BESIDE = {
    "readme": "{0.name}-{0.version}.README.md",
    "source": "{0.name}-{0.version}-source.tar.gz",
    "timeline": "{0.name}-{0.version}.timeline.json",
}
MOST_README_BYTES = 256 << 10
RECORD_KIND = "record"


@dataclass(frozen=True)
class Part:
    """A file to be published. `format` is a package format, "record", or a key of BESIDE."""

    format: str
    filename: str
    data: bytes

    @property
    def sha256(self) -> str:
        return sha256(self.data)


@dataclass(frozen=True, eq=False)
class Candidate:
    """Files may lack or differ from the record: admission says so.

    files  filename -> bytes, of what the record and BESIDE name
    """

    record: Record
    record_file: bytes = field(repr=False)
    files: Mapping[str, bytes] = field(repr=False)
    attestation: Attestation | None = None
    attestation_file: bytes = field(default=b"", repr=False)

    @property
    def name(self) -> str:
        return self.record.name

    @property
    def version(self) -> str:
        return self.record.version

    @property
    def parts(self) -> list[Part]:
        """Give all that is published, but the attestation."""
        named = [(each.format, each.filename) for each in self.record.artifacts]
        named += [(kind, name.format(self.record)) for kind, name in BESIDE.items()]
        found = [Part(kind, name, self.files[name]) for kind, name in named if name in self.files]
        return [*found, Part(RECORD_KIND, record_name(self.record), self.record_file)]


def record_name(record: Record) -> str:
    return f"{record.name}-{record.version}.json"


def make_candidate(record_file: bytes, files: Mapping[str, bytes], attestation: bytes, where: str) -> Candidate:
    """Read what stands in files; `attestation` is b"" without one.

    Raises: TinypackError (bad-archive)
    """
    record = read_record(record_file, where)
    read = read_attestation(attestation, f"attestation of {record.title}"[:200]) if attestation else None
    return Candidate(record, record_file, files, read, attestation)


def read_candidates(path: Path, progress: Progress | None = None, include_source: bool = False) -> list[Candidate]:
    """Build a project's package, or read all packages of a folder that `tinypack build` wrote; oldest versions first.

    A project is built in a folder of its own; its attestation is that of its `dist`. `include_source`: give away the
    project, too, with its model as it was before it was compiled.
    Raises: TinypackError (bad-archive, io), and all that a build raises
    """
    say = progress or (lambda _: None)
    if path.is_file() or (path / FILENAME).is_file():
        return [_build(path, say, include_source)]
    records = list(_records(path))
    if not records:
        rule = f"what is published is a project with {FILENAME}, or a folder with a package's record"
        hint = "`tinypack build PROJECT` writes archives and record into PROJECT/dist"
        raise TinypackError.one("io", str(path), rule, "neither", hint)
    found = [_read(file, path) for file in records]
    return sorted(found, key=lambda each: (each.name, _order(each.version)))


def _build(path: Path, say: Progress, include_source: bool) -> Candidate:
    from tinypack.replay.card import timeline_artifact
    from tinypack.source import source_archive

    project = load_project(path)
    with tempfile.TemporaryDirectory(prefix="tinypack-publish-") as folder:
        built = build_package(path, Path(folder), progress=say)
        name = f"{built.record['name']}-{built.record['version']}"
        record_file = (Path(folder) / f"{name}.json").read_bytes()
    artifacts = list(built.artifacts)
    if include_source:
        say("pack the source")
        artifacts.append(source_archive(project))
    if project.manifest.card.recording is not None:
        say("replay the card's recording")
        artifacts += [found for found in [timeline_artifact(project)] if found is not None]
    files = {artifact.filename: artifact.data for artifact in artifacts}
    if (project.root / "README.md").is_file() and project.manifest_path != project.model_path:
        files[f"{name}.README.md"] = read_file(project.root / "README.md", MOST_README_BYTES)
    beside = project.root / "dist" / f"{name}.attestation.json"
    attestation = read_file(beside, MOST_ATTESTATION_BYTES) if beside.exists() else b""
    return make_candidate(record_file, files, attestation, f"{name}.json")


def _records(folder: Path) -> Iterator[Path]:
    try:
        paths = sorted(path for path in folder.glob("*.json") if path.is_file())
    except OSError as error:
        raise TinypackError.one("io", str(folder), "the folder must be readable", str(error.strerror)) from None
    for path in paths:
        if not path.name.endswith((".attestation.json", ".timeline.json")):
            found = read_object(read_file(path, MOST_RECORD_BYTES), MOST_RECORD_BYTES, str(path))
            if found.get("schema") == RECORD:
                yield path


def _read(path: Path, folder: Path) -> Candidate:
    record_file = read_file(path, MOST_RECORD_BYTES)
    record = read_record(record_file, str(path))
    names = [artifact.filename for artifact in record.artifacts]
    names += [name.format(record) for name in BESIDE.values()]
    files: dict[str, bytes] = {}
    for name in names:
        if Path(name).name == name and (folder / name).exists():
            files[name] = read_file(folder / name, MOST_ARCHIVE_BYTES)
    beside = folder / f"{path.stem}.attestation.json"
    attestation = read_file(beside, MOST_ATTESTATION_BYTES) if beside.exists() else b""
    return make_candidate(record_file, files, attestation, str(path))


def read_file(path: Path, most: int) -> bytes:
    """Read a plain file of limited size.

    Raises: TinypackError (io)
    """
    rule = f"it must be a readable file of up to {most} bytes"
    try:
        if not path.is_file():
            raise TinypackError.one("io", str(path), rule, "no regular file")
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise TinypackError.one("io", str(path), rule, str(error.strerror)) from None
    if len(data) > most:
        raise TinypackError.one("io", str(path), rule, "more")
    return data


def _order(version: str) -> tuple[bool, Version]:
    try:
        return True, Version.parse(version)
    except ValueError:
        return False, Version(0)
