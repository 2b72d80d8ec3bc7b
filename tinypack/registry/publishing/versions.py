"""Which version may follow what is published, and by which step."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, partial

from tinypack.errors import Problem, TinypackError
from tinypack.formats import FORMATS
from tinypack.formats.unpack import read_archive
from tinypack.registry.entries import Archive, sha256
from tinypack.registry.package_index import Line, PackageIndex
from tinypack.registry.publishing.candidate import BESIDE, RECORD_KIND, Candidate
from tinypack.registry.stores import NotThere, Reader
from tinypack.registry.versions.compare import compare
from tinypack.registry.versions.facts import Facts, make_facts, with_results
from tinypack.registry.versions.steps import base_version, check_step, parse_version

FIRST = "first"


def is_there(candidate: Candidate, index: PackageIndex | None) -> bool:
    """Whether these very bytes are published.

    Raises: TinypackError (refused) if others are, under this version
    """
    line = index.line(candidate.version) if index else None
    if line is None:
        return False
    mine = {part.format: part.sha256 for part in candidate.parts}
    theirs = {archive.format: archive.sha256 for archive in line.release.body.archives}
    beside = BESIDE.keys() & (mine.keys() ^ theirs.keys())  # who has no source at hand publishes the same package
    differing = {format for format, _ in mine.items() ^ theirs.items()} - beside
    if differing:
        rule = "a version that is published never changes"
        hint = "raise package.version in tinypack.toml: `tinypack bump` does it"
        raise TinypackError.one(
            "refused", candidate.record.title, rule, f"other bytes: {', '.join(sorted(differing))}", hint
        )
    return True


def check_version(candidate: Candidate, index: PackageIndex | None, reader: Reader) -> list[Problem]:
    """Find why a version may not come next."""
    if parse_version(candidate.version) is None or index is None:
        return []  # admission says what a version is
    lines = {line.version: line for line in index.lines}
    if folded := {version.lower() for version in lines} & {candidate.version.lower()}:
        rule = "versions differ in more than upper and lower case"
        return [Problem("refused", candidate.record.title, rule, ", ".join(folded))]
    shown = {version: _loader(reader, line) for version, line in lines.items() if not line.yanked}
    problem = check_step(candidate_facts(candidate), candidate.version, shown, lines.keys() - shown.keys())
    return [problem] if problem else []


def step(candidate: Candidate, index: PackageIndex | None, reader: Reader) -> str:
    """Say in a few words what a version is to the one before."""
    lines = {line.version: line for line in index.lines if not line.yanked} if index else {}
    base = base_version(candidate.version, lines)
    if base is None:
        return FIRST
    found = compare(_loader(reader, lines[base])(), candidate_facts(candidate)).step
    return f"{found.label} since {base}"


def candidate_facts(candidate: Candidate) -> Facts:
    """Say what a candidate is compared by."""
    part = next(part for part in candidate.parts if part.format in FORMATS)
    attestation = json.loads(candidate.attestation_file) if candidate.attestation_file else None
    files = read_archive(part.data, part.filename)
    return make_facts(json.loads(candidate.record_file), files, attestation, candidate.record.title)


def _loader(reader: Reader, line: Line) -> Callable[[], Facts]:
    return cache(partial(_published_facts, reader, line))


def _published_facts(reader: Reader, line: Line) -> Facts:
    """Read what a published version is compared by: its record, and one archive for the header."""
    release = line.release.body
    archives = [archive for archive in release.archives if archive.format in FORMATS]
    record = release.archive(RECORD_KIND)
    where = f"{release.name} {release.version}"
    if record is None or not archives:
        raise TinypackError.one("bad-registry", where, "a version has a record and archives", "it has not")
    smallest = min(archives, key=lambda archive: archive.size)
    files = read_archive(fetch(reader, smallest), smallest.filename)
    facts = make_facts(json.loads(fetch(reader, record)), files, None, where)
    return with_results(facts, line.boards.values())


def fetch(reader: Reader, archive: Archive) -> bytes:
    """Read an archive, and check that it is what the index says.

    Raises: TinypackError (bad-registry, unreachable, untrusted)
    """
    where = f"{reader.url}: {archive.path}"
    try:
        data = reader.read(archive.path, archive.size)
    except NotThere:
        raise TinypackError.one("bad-registry", where, "what an index names is there", "no such file") from None
    if sha256(data) != archive.sha256:
        raise TinypackError.one("untrusted", where, "its SHA-256 is that of the index", f"{sha256(data)[:16]}…")
    return data
