"""Repeats the verification of a published package: fetched, checked, built again from its source, and run."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tinypack import __version__
from tinypack.boards import ALL, Board, chosen_boards, load_boards
from tinypack.errors import Problem, TinypackError
from tinypack.formats import FORMATS
from tinypack.formats.unpack import read_archive
from tinypack.names import Names, c_names
from tinypack.output import check_folder
from tinypack.pack import Progress, build_package, check_names
from tinypack.package import Artifact, Built
from tinypack.registry.client.registry import Registry
from tinypack.registry.client.resolve import parse_wanted
from tinypack.registry.entries import Archive, Release
from tinypack.registry.package_index import Line, PackageIndex
from tinypack.registry.publishing import layout
from tinypack.registry.publishing.add_attestation import add_attestation
from tinypack.registry.publishing.candidate import read_file
from tinypack.registry.publishing.record import MOST_ATTESTATION_BYTES, read_record
from tinypack.registry.trust.keys import KeyFolder
from tinypack.source import FORMAT as SOURCE
from tinypack.source import unpack_source
from tinypack.verify.matrix import run_matrix
from tinypack.verify.package import reference_of, write_attestation
from tinypack.verify.reference import NO_REFERENCE, Reference
from tinypack.verify.report import Attestation, Method, Rebuilt

RECORD = "record"


class Source(Protocol):
    """What is needed of a registry's client: everything that it gives is signed and has its hash."""

    def package(self, name: str) -> PackageIndex: ...

    def fetch(self, archive: Archive) -> bytes: ...


@dataclass(frozen=True, eq=False)
class Published:
    """A package as a registry has it."""

    line: Line
    record: Mapping[str, Any]
    artifacts: Sequence[Artifact]
    source: Artifact | None

    @property
    def release(self) -> Release:
        return self.line.release.body

    @property
    def names(self) -> Names:
        return c_names(self.release.name)


def repeat_all(
    address: str,
    names: Sequence[str],
    boards: Sequence[str] = (),
    formats: Sequence[str] = (),
    vectors: int = 10,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> list[Attestation]:
    """Verify packages of a registry, NAME@VERSION each, as `repeat` does one.

    Raises: TinypackError as `repeat` does, and if the registry can't be trusted
    """
    wanted = [parse_wanted(name) for name in names]
    registry = Registry(address)
    registry.refresh()
    versions = [(each.name, each.exact or each.range) for each in wanted]
    return [repeat(registry, *version, boards, formats, vectors, folder, progress) for version in versions]


def submit_all(address: str, attestations: Sequence[Attestation], by: str, key_name: str = "") -> Iterator[str]:
    """Sign attestations and add them to their registry, or hand them in; say what became of each.

    Raises: TinypackError (missing-key, refused, io)
    """
    for attestation in attestations:
        data = read_file(attestation.path, MOST_ATTESTATION_BYTES)
        said = add_attestation(address, KeyFolder(), data, by, key_name, str(attestation.path))
        yield f"attestation of {attestation.title}: {said.outcome}"


def repeat(
    registry: Source,
    name: str,
    version: str,
    boards: Sequence[str] = (),
    formats: Sequence[str] = (),
    vectors: int = 10,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Attestation:
    """Verify the published archives of a version, yanked ones too; the attestation is written into a folder.

    With its source, the package is built again, and everything that the published archives compute is compared with the
    oracle. Without, only their own self-tests are run: the attestation says so.
    Raises: TinypackError (no-package; untrusted, unreachable; bad-archive where files don't belong together;
    unknown-board, unknown-format; what keeps the source from being built)
    """
    say = progress or (lambda _: None)
    check_names([], [board for board in boards if board != ALL])
    home = folder or Path()
    check_folder(home)
    published = fetch(registry, name, version, formats, say)
    chosen = _boards(published, boards)
    method: Method = "self-test"
    reference, rebuilt = NO_REFERENCE, None
    if published.source is not None:
        with tempfile.TemporaryDirectory(prefix="tinypack-") as made:
            built = _build(published, published.source, Path(made), say)
        say("ask the oracle")
        rebuilt = _compare(published, built)
        method, reference = _reference(rebuilt, built, vectors)
    results = run_matrix(published, chosen, reference, say)
    path = home / f"{name}-{version}.repeated.attestation.json"
    attestation = Attestation(published.record, tuple(results), path, method, rebuilt)
    write_attestation(attestation)
    return attestation


def fetch(registry: Source, name: str, version: str, formats: Sequence[str], say: Progress) -> Published:
    """Fetch record, archives (of some formats, or all) and source of a version, and check that they belong together.

    Raises: TinypackError (no-package, untrusted, unreachable, bad-archive, unknown-format)
    """
    wanted = check_names([*FORMATS] if ALL in formats or not formats else formats, [])
    index = registry.package(name)
    line = index.line(version)
    if line is None:
        found = ", ".join(each.version for each in index.lines[-5:]) or "none"
        raise TinypackError.one("no-package", f"{name}@{version}", "the version must be there, exactly", found)
    release = line.release.body
    title = f"{name} {version}"
    archives = [archive for archive in release.archives if archive.format in wanted]
    recorded = release.archive(RECORD)
    if recorded is None or not archives:
        lacks = "a record" if recorded is None else f"an archive of {', '.join(wanted)}"
        raise TinypackError.one("bad-archive", title, "the version must have a record and the archives", f"no {lacks}")
    record = _record(registry.fetch(recorded), recorded, release)
    artifacts = []
    for archive in archives:
        say(f"fetch {archive.filename}")
        artifacts.append(_artifact(registry, archive))
        _check_layout(artifacts[-1], name)
    source = release.archive(SOURCE)
    return Published(line, record, artifacts, _artifact(registry, source) if source else None)


def _record(data: bytes, archive: Archive, release: Release) -> Mapping[str, Any]:
    """Read a record, and compare it with what the publisher signed."""
    read = read_record(data, archive.filename)
    signed = {(each.format, each.sha256) for each in release.archives}
    said = {(each.format, each.sha256) for each in read.artifacts}
    same = (read.name, read.version, read.model.sha256) == (release.name, release.version, release.model_sha256)
    if not same or said - signed:
        rule = "a record must be of the version that it lies with, and name its archives"
        raise TinypackError.one("bad-archive", archive.filename, rule, f"{read.title}, or other archives")
    record: Mapping[str, Any] = json.loads(data)
    return record


def _artifact(registry: Source, archive: Archive) -> Artifact:
    return Artifact(archive.format, archive.filename, registry.fetch(archive), archive.sha256)


def _check_layout(artifact: Artifact, name: str) -> None:
    """Refuse what no registry should have let in: an archive that runs more than compilers when it is built.

    Raises: TinypackError (bad-archive, refused) with every problem
    """
    top = f"{name}/" if FORMATS[artifact.format].TOP_FOLDER else ""
    packed = read_archive(artifact.data, artifact.filename)
    files = {path.removeprefix(top): data for path, data in packed.items()}
    rule = "nothing runs when it is built, but compilers: it holds what this tinypack writes"
    problems = [
        Problem(
            "refused",
            f"{artifact.filename}: {path}"[:300],
            rule,
            found,
            "build and run it only where it can do no harm",
        )
        for check in (layout.paths, layout.texts, layout.hooks)
        for path, found in check(artifact.format, files)
    ]
    if problems:
        raise TinypackError(problems)


def _boards(published: Published, names: Sequence[str]) -> list[Board]:
    """Choose boards: those that are named, or those of the package that this tinypack knows."""
    own = published.record.get("boards")
    known = load_boards()
    listed = [name for name in own if name in known] if isinstance(own, list) else []
    return chosen_boards(names or listed)


def _build(published: Published, source: Artifact, folder: Path, say: Progress) -> Built:
    """Build the source, if it is that of the package."""
    project = unpack_source(source.data, source.filename, folder / "source")
    formats = [artifact.format for artifact in published.artifacts]
    built = build_package(project.root, folder / "dist", formats, progress=say)
    release, record = published.release, built.record
    found = (record["name"], record["version"], record["model"]["sha256"])
    if found != (release.name, release.version, release.model_sha256):
        rule = "the source must be that of the version that it lies with"
        raise TinypackError.one("bad-archive", source.filename, rule, f"{found[0]} {found[1]}, model {found[2][:16]}")
    return built


def _compare(published: Published, built: Built) -> Rebuilt:
    made_by = published.release.tinypack
    if made_by != __version__:
        return Rebuilt(made_by, None)
    ours = {artifact.format: artifact.sha256 for artifact in built.artifacts}
    return Rebuilt(made_by, tuple(a.format for a in published.artifacts if ours[a.format] != a.sha256))


def _reference(rebuilt: Rebuilt, built: Built, vectors: int) -> tuple[Method, Reference]:
    reference = reference_of(built, vectors)
    return ("outputs", reference.outputs_only()) if rebuilt.differ is None else ("nodes", reference)
