"""Audit a whole registry, file by file: memory grows by a few bytes a file, and a name a package."""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from tuf.api.metadata import Targets

from tinypack.errors import Problem, TinypackError
from tinypack.registry.entries import Attested, File, sha256
from tinypack.registry.look_alikes import name_target, skeleton
from tinypack.registry.package_index import Line, PackageIndex
from tinypack.registry.paths import HEAD, archive_path, attestation_path, index_path, index_target
from tinypack.registry.publishing.attest import board_results
from tinypack.registry.publishing.record import read_attestation
from tinypack.registry.stores import NotThere, Reader, Store
from tinypack.registry.trust.draft import superseded
from tinypack.registry.trust.head import Head
from tinypack.registry.trust.metadata import hash_of, metadata_path, now

FOLDERS = ("archives", "attestations", "index", "metadata")
MOST_PROBLEMS = 1000
MOST_ORPHANS = 100  # that are named
MOST_ATTESTATION_BYTES = 16 << 20
Say = Callable[[str], None]
Given = TypeVar("Given")


@dataclass
class Audit:
    """What was found.

    complete      False if it stopped because so much is wrong
    orphans       files that nothing names: left by interrupted writers, harmless
    some_orphans  the first of them
    """

    problems: list[Problem] = field(default_factory=list)
    complete: bool = True
    packages: int = 0
    versions: int = 0
    files: int = 0
    size: int = 0
    orphans: int = 0
    some_orphans: list[str] = field(default_factory=list)


def audit(reader: Reader | Store, progress: Say = lambda text: None) -> Audit:
    """Check every signature, index, statement, archive and attestation of a registry, and that names differ to the eye.

    Stops when it has found a thousand problems.
    """
    found = Audit()
    try:
        _Auditor(Head.read(reader), found, progress).run()
    except TinypackError as error:
        found.problems += error.problems
    except _Enough:
        found.complete = False
    return found


class _Auditor:
    def __init__(self, head: Head, found: Audit, progress: Say) -> None:
        self._head = head
        self._reader = head.reader
        self._found = found
        self._say = progress
        self._named = array("Q")  # hashes of the paths of files that something names
        self._names: dict[str, str] = {}  # skeleton -> package

    def run(self) -> None:
        head, names = self._head, self._head.bin_names()
        self._dates()
        for path in (HEAD, *superseded(head.snapshot), metadata_path("snapshot", head.snapshot.version)):
            self._name(path)
        for version in range(1, len(head.chain.roots) + 1):
            self._name(metadata_path("root", version))
        for name in ("targets", *names):
            self._name(metadata_path(name, head.snapshot.meta[f"{name}.json"].version))
        for count, name in enumerate(names, start=1):
            found = self._trying(lambda: head.bin_metadata(name))  # noqa: B023
            if found:
                self._bin(name, found.signed)
            self._say(f"bin {count} of {len(names)}: {self._found.packages} packages, {self._found.files} files")
        listing = getattr(self._reader, "paths", None)
        if listing is not None:
            self._say("files that nothing names")
            self._orphans(path for folder in FOLDERS for path in listing(folder))

    def _dates(self) -> None:
        head = self._head
        for signed in (head.chain.last, head.timestamp, head.snapshot, head.targets):
            if signed.is_expired(now()):
                where = f"{self._reader.url}: {signed.type}"
                self._problem(Problem("expired", where, "metadata are not past their date", f"{signed.expires}"))

    def _bin(self, name: str, bin: Targets) -> None:
        if bin.is_expired(now()):
            where = f"{self._reader.url}: {name}"
            self._problem(Problem("expired", where, "metadata are not past their date", f"{bin.expires}"))
        for path, target in bin.targets.items():
            package = path.rpartition("/")[2].removesuffix(".jsonl")
            if self._head.bins.get_role_for_target(path) != name:
                self._problem(
                    Problem("bad-registry", f"{name}: {path}", "a target is in the bin of its hash", "another")
                )
            if index_target(package) == path:
                index = self._trying(lambda: self._head.read_index(package, target))  # noqa: B023
                self._name(index_path(package, hash_of(target, name)))
                if index:
                    self._index(index)
            elif not isinstance(target.custom, str) or name_target(target.custom) != path:
                self._problem(Problem("bad-registry", f"{name}: {path}", "a target is an index or a name", "neither"))

    def _index(self, index: PackageIndex) -> None:
        self._found.packages += 1
        other = self._names.setdefault(skeleton(index.name), index.name)
        if other != index.name:
            self._problem(Problem("refused", index.name, "no two names look alike", f"it looks like {other}"))
        for line in index.lines:
            self._found.versions += 1
            self._line(index.name, line)

    def _line(self, name: str, line: Line) -> None:
        for archive in line.release.body.archives:
            self._file(archive, archive_path(name, line.version, archive.sha256, archive.filename))
        for signed in line.attestations:
            file = signed.body.file
            self._file(file, attestation_path(name, line.version, file.sha256))
            self._trying(lambda: self._attestation(signed.body))  # noqa: B023

    def _file(self, file: File, path: str) -> None:
        """Check a file's place, size and hash, piece by piece."""
        self._found.files += 1
        self._name(file.path)
        where = f"{self._reader.url}: {file.path}"
        if file.path != path:
            self._problem(Problem("bad-registry", where, f"it lies at {path}", "elsewhere"))
        digest, size = hashlib.sha256(), 0
        try:
            for chunk in self._reader.chunks(file.path):
                digest.update(chunk)
                size += len(chunk)
                if size > file.size:
                    break
        except NotThere:
            self._problem(Problem("bad-registry", where, "what an index names is there", "no such file"))
            return
        except TinypackError as error:
            for problem in error.problems:
                self._problem(problem)
            return
        self._found.size += size
        if (size, digest.hexdigest()) != (file.size, file.sha256):
            found = f"{size} bytes, not {file.size}" if size != file.size else "another hash"
            self._problem(Problem("untrusted", where, "it has the size and hash that its index names", found))

    def _attestation(self, said: Attested) -> None:
        """Check that what an index says in short is what the attestation says."""
        try:
            data = self._reader.read(said.file.path, MOST_ATTESTATION_BYTES)
        except NotThere:
            return
        if sha256(data) != said.file.sha256:
            return
        whole = read_attestation(data, said.file.path)
        short = {result.board: result for result in said.boards}
        differing = [
            result.board
            for result in board_results(whole.results)
            if result.status != "untested" and short.get(result.board) != result
        ]
        if differing or (whole.package, whole.version, whole.passed) != (said.name, said.version, said.passed):
            rule = "an index says of boards what the attestation says"
            self._problem(Problem("untrusted", said.file.path, rule, f"other: {', '.join(differing)[:200]}"))

    def _orphans(self, paths: Iterator[str]) -> None:
        named = array("Q", sorted(self._named))
        for path in paths:
            key = _key(path)
            place = bisect_left(named, key)
            if place == len(named) or named[place] != key:
                self._found.orphans += 1
                if len(self._found.some_orphans) < MOST_ORPHANS:
                    self._found.some_orphans.append(path)

    def _name(self, path: str) -> None:
        self._named.append(_key(path))

    def _trying(self, attempt: Callable[[], Given]) -> Given | None:
        try:
            return attempt()
        except TinypackError as error:
            for problem in error.problems:
                self._problem(problem)
        return None

    def _problem(self, problem: Problem) -> None:
        self._found.problems.append(problem)
        if len(self._found.problems) >= MOST_PROBLEMS:
            raise _Enough


class _Enough(Exception):
    """No more problems are looked for."""


def _key(path: str) -> int:
    return int.from_bytes(hashlib.blake2b(path.encode(), digest_size=8).digest(), "big")
