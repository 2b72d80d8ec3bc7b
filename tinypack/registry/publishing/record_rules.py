"""What a record must say, and what must lie beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import ValidationError

from tinypack.formats import FORMATS
from tinypack.formats.rules import Finding, Rule
from tinypack.manifest import Manifest, Package
from tinypack.names import name_problem
from tinypack.package import NO_LICENSE
from tinypack.registry.entries import sha256
from tinypack.registry.publishing.candidate import MOST_ARCHIVE_BYTES, Candidate
from tinypack.registry.publishing.rules import SHOWN, rules

PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,199}", re.ASCII)
ANY_NAME = "some-name"


def _package(candidate: Candidate) -> Package | None:
    record = candidate.record
    keys = ("name", "version", "description", "authors", "repository", "keywords")
    try:
        return Package(license=record.licenses.model, **{key: getattr(record, key) for key in keys})
    except ValidationError:
        return None


def _name(candidate: Candidate) -> Iterator[Finding]:
    problem = name_problem(candidate.name)
    if problem:
        yield "name", f"{candidate.name!a}: {problem[1]}"


def _manifest(candidate: Candidate) -> Iterator[Finding]:
    """The same rules as tinypack.toml's."""
    record = candidate.record
    keys = ("version", "description", "authors", "repository", "keywords")
    try:
        Manifest.model_validate(
            {
                "package": {"name": ANY_NAME, **{key: getattr(record, key) for key in keys}},
                "model": {"file": "model.tflite", "labels": record.labels},
            }
        )
    except ValidationError as error:
        for each in error.errors(include_url=False):
            rule = each.get("ctx", {}).get("rule", each["msg"])
            yield ".".join(map(str, each["loc"])), f"{ascii(each['input'])[:100]}: {rule}"


def _license(candidate: Candidate) -> Iterator[Finding]:
    license = candidate.record.licenses.model
    try:
        good = Package(name=ANY_NAME, license=license).license not in ("", NO_LICENSE)
    except ValidationError:
        good = False
    if not good:
        yield "license", ascii(license)[:100]


def _formats(candidate: Candidate) -> Iterator[Finding]:
    formats = [artifact.format for artifact in candidate.record.artifacts]
    if not formats:
        yield "artifacts", "none"
    for format in sorted(set(formats)):
        if format not in FORMATS or formats.count(format) > 1:
            yield "artifacts", f"{ascii(format)[:100]}, {formats.count(format)} times"


def _filenames(candidate: Candidate) -> Iterator[Finding]:
    package = _package(candidate)
    for artifact in candidate.record.artifacts:
        known = FORMATS.get(artifact.format)
        right = known.filename(package) if known and package else artifact.filename
        if artifact.filename != right or not PLAIN.fullmatch(artifact.filename):
            yield artifact.format, f"{ascii(artifact.filename)[:200]}, not {right}"


def _hashes(candidate: Candidate) -> Iterator[Finding]:
    for artifact in candidate.record.artifacts:
        data = candidate.files.get(artifact.filename)
        if data is None:
            yield artifact.filename, "no such file"
        elif len(data) != artifact.size:
            yield artifact.filename, f"{len(data)} bytes, not {artifact.size}"
        elif sha256(data) != artifact.sha256:
            yield artifact.filename, f"SHA-256 {sha256(data)[:SHOWN]}…, not {artifact.sha256[:SHOWN]}…"


def _sizes(candidate: Candidate) -> Iterator[Finding]:
    return ((part.filename, f"{len(part.data)}") for part in candidate.parts if len(part.data) > MOST_ARCHIVE_BYTES)


RECORD_RULES: tuple[Rule[Candidate], ...] = rules(
    ("R1", "the name is one that tinypack gives packages", _name),
    (
        "R2",
        "version, description, authors, repository, keywords and labels are as tinypack.toml may have them",
        _manifest,
    ),
    ("R3", "the model has a licence: an SPDX expression", _license),
    ("R4", "there are archives, one a format, of formats that tinypack has", _formats),
    ("R5", "archives are named as tinypack names them", _filenames),
    ("R6", "the archives are those that the record names, byte for byte", _hashes),
    ("R7", f"a file has up to {MOST_ARCHIVE_BYTES >> 20} MiB", _sizes),
)
