"""What a package must be to get into a registry: rules are data, and every one that is broken is said.

These need the candidate alone; what needs the registry (names, versions, owners) is in `names` and `versions`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tinypack.errors import Problem, TinypackError
from tinypack.formats import FORMATS
from tinypack.formats.rules import Finding, Rule, text
from tinypack.formats.unpack import read_archive
from tinypack.manifest import FILENAME, Manifest, Package, parse_manifest
from tinypack.names import c_names, name_problem
from tinypack.package import NO_LICENSE
from tinypack.registry.entries import sha256
from tinypack.registry.publishing import layout
from tinypack.registry.publishing.candidate import MOST_ARCHIVE_BYTES, Candidate
from tinypack.registry.publishing.record import read_object

#: Formats whose runner `tinypack doctor --fix` can't bring: they may be untested, with the reason said.
MAY_BE_UNTESTED = ("zephyr",)
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,199}", re.ASCII)
ANY_NAME = "some-name"
MOST_TIMELINE_BYTES = 4 << 20
SHOWN = 16  # hex digits of a hash
#: Where a format's own manifest says name and version of the package; what is in brackets is compared.
NAMED: dict[str, tuple[str, str]] = {
    "arduino": (r"library\.properties", r"^name=(?P<prefix>.*)$|^version=(?P<version>.*)$"),
    "platformio": (r"library\.json", r'^  "name": "(?P<name>[^"]*)"|^  "version": "(?P<version>[^"]*)"'),
    "zephyr": (r"zephyr/module\.yml", r'^name: "?(?P<name>[^"\n]*)"?$'),
    "cmake": (r"CMakeLists\.txt", r"^project\((?P<name>\S+) VERSION (?P<base>\S+)"),
    "esp-idf": (r"idf_component\.yml", r'^version: "?(?P<version>[^"\n]*)"?$'),
    "cmsis-pack": (r"[^/]*\.pdsc", r'^  <name>(?P<name>.*)</name>$|<release version="(?P<version>[^"]*)"'),
}


@dataclass(frozen=True, eq=False)
class Opened:
    """A candidate and what its archives hold: format -> path -> bytes; archives that can't be read are not there."""

    candidate: Candidate
    trees: Mapping[str, Mapping[str, bytes]] = field(repr=False)


def check_candidate(candidate: Candidate, unverified: bool = False) -> list[Problem]:
    """Find every rule that a candidate breaks by itself. `unverified`: it need not be attested."""
    found = _broken(RECORD_RULES, candidate, candidate)
    if found:
        return found  # what follows builds on names and hashes
    opened, problems = _open(candidate)
    problems += _broken(ARCHIVE_RULES, opened, candidate)
    if not problems:
        problems += list(_ecosystems(opened))
    return problems if unverified else [*problems, *check_attestation(candidate)]


def check_attestation(candidate: Candidate) -> list[Problem]:
    """Find what keeps a candidate from being published as verified."""
    return _broken(ATTESTATION_RULES, candidate, candidate)


def is_about(candidate: Candidate) -> bool:
    """Whether there is an attestation of just these archives, passed or not."""
    return candidate.attestation is not None and not list(_about(candidate)) and bool(candidate.attestation.artifacts)


def _broken(rules: Sequence[Rule[Any]], subject: object, candidate: Candidate) -> list[Problem]:
    return [_problem(candidate.record.title, rule, found) for rule in rules for found in rule.check(subject)]


def _problem(where: str, rule: Rule[Any], finding: Finding) -> Problem:
    return Problem("refused", f"{where}: {finding[0]}", f"{rule.id}: {rule.brief}", finding[1], HINTS.get(rule.id, ""))


def _open(candidate: Candidate) -> tuple[Opened, list[Problem]]:
    trees: dict[str, Mapping[str, bytes]] = {}
    problems: list[Problem] = []
    for part in candidate.parts:
        if part.format in FORMATS or part.filename.endswith(".tar.gz"):
            try:
                files = read_archive(part.data, part.filename)
            except TinypackError as error:
                problems += error.problems
                continue
            if part.format in FORMATS:
                trees[part.format] = files
    return Opened(candidate, trees), problems


def _ecosystems(opened: Opened) -> Iterator[Problem]:
    """Ask the rules of each format, as a build does. They were written for our own packages: these may be hostile."""
    for format, files in _packages(opened):
        try:
            yield from FORMATS[format].validate(files)
        except Exception as error:
            where, rule = f"{opened.candidate.record.title}: {format}", "a package's manifests can be read"
            yield Problem("refused", where, rule, f"{type(error).__name__}: {error}"[:200])


def _packages(opened: Opened) -> Iterator[tuple[str, Mapping[str, bytes]]]:
    """Give each package's files as they lie below its folder, if it has one."""
    for format, files in opened.trees.items():
        top = f"{opened.candidate.name}/" if FORMATS[format].TOP_FOLDER else ""
        yield format, {path.removeprefix(top): data for path, data in files.items()}


# The record.


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


# The archives.


def _folders(opened: Opened) -> Iterator[Finding]:
    for format, files in opened.trees.items():
        top = f"{opened.candidate.name}/" if FORMATS[format].TOP_FOLDER else ""
        yield from ((f"{format}: {path}", f"not below {top}") for path in files if not path.startswith(top))


def _layout(check: layout.Check, opened: Opened) -> Iterator[Finding]:
    for format, files in _packages(opened):
        yield from ((f"{format}: {path}", found) for path, found in check(format, files))


def _same_sources(opened: Opened) -> Iterator[Finding]:
    sources = {
        format: {path: sha256(data) for path, data in files.items() if path.startswith("src/")}
        for format, files in _packages(opened)
    }
    first = next(iter(sources), "")
    for format, files in sources.items():
        differing = sorted(dict(files.items() ^ sources[first].items()))
        yield from ((f"{format}: {path}", f"differs from {first}") for path in differing[:3])


def _identity(opened: Opened) -> Iterator[Finding]:
    record, names = opened.candidate.record, c_names(opened.candidate.name)
    lines = (f'#define {names.macro}_VERSION "{record.version}"', f" * {record.model.sha256}")
    for format, files in _packages(opened):
        header = text(files, f"src/{names.prefix}.h").splitlines()
        yield from ((f"{format}: src/{names.prefix}.h", f"no line {line}") for line in lines if line not in header)


def _named(opened: Opened) -> Iterator[Finding]:
    record = opened.candidate.record
    names = {"name": record.name, "prefix": c_names(record.name).prefix, "version": record.version}
    names["base"] = record.version.partition("-")[0]
    for format, files in _packages(opened):
        where, pattern = NAMED[format]
        for path in (path for path in files if re.fullmatch(where, path)):
            found = [each.groupdict() for each in re.finditer(pattern, text(files, path), re.MULTILINE)]
            said = [(key, value) for each in found for key, value in each.items() if value is not None]
            wanted = set(re.findall(r"\?P<(\w+)>", pattern))
            yield from ((f"{format}: {path}", f"{key} {value!r}") for key, value in said if value != names[key])
            yield from ((f"{format}: {path}", f"no {key}") for key in sorted(wanted - {key for key, _ in said}))


def _readable(opened: Opened) -> Iterator[Finding]:
    for format, files in _packages(opened):
        for path, least in (("README.md", opened.candidate.name), ("LICENSE", opened.candidate.record.licenses.model)):
            if least not in text(files, path):
                yield f"{format}: {path}", f"it does not say {least}" if path in files else "it is missing"


def _source(opened: Opened) -> Iterator[Finding]:
    record = opened.candidate.record
    for part in (part for part in opened.candidate.parts if part.format == "source"):
        try:
            files = read_archive(part.data, part.filename)
            manifest = parse_manifest(text(files, f"{record.name}/{FILENAME}"), Path(FILENAME))
        except TinypackError as error:
            yield part.filename, str(error.problems[0].found)[:200]
            continue
        package, model = manifest.package, files.get(f"{record.name}/{manifest.model.file}", b"")
        if (package.name, package.version) != (record.name, record.version):
            yield part.filename, f"{package.name} {package.version}"
        if sha256(model) != record.model.sha256:
            yield part.filename, f"the model's SHA-256 is {sha256(model)[:SHOWN]}…"


def _timeline(opened: Opened) -> Iterator[Finding]:
    record = opened.candidate.record
    said = {"schema": "tinypack-timeline/1", "package": record.name, "version": record.version}
    for part in (part for part in opened.candidate.parts if part.format == "timeline"):
        try:
            found = read_object(part.data, MOST_TIMELINE_BYTES, part.filename)
        except TinypackError as error:
            yield part.filename, str(error.problems[0].found)[:200]
            continue
        wanted = {**said, "model_sha256": record.model.sha256}
        yield from ((part.filename, key) for key, value in wanted.items() if found.get(key) != value)


# The attestation.


def _about(candidate: Candidate) -> Iterator[Finding]:
    """It is of this package, and of no other archives."""
    attestation = candidate.attestation
    if attestation is None:
        yield "attestation", "none"
        return
    if (attestation.package, attestation.version) != (candidate.name, candidate.version):
        yield "attestation", f"of {ascii(attestation.package)[:100]} {ascii(attestation.version)[:100]}"
    hashes = {artifact.sha256: artifact.format for artifact in candidate.record.artifacts}
    others = [each.format for each in attestation.results if hashes.get(each.artifact_sha256) != each.format]
    if others:
        yield "attestation", f"of other archives: {', '.join(sorted(set(others)))[:200]}"


def _passed(candidate: Candidate) -> Iterator[Finding]:
    results = candidate.attestation.results if candidate.attestation else []
    failed = [result for result in results if result.status == "failed"]
    yield from ((f"{each.format} on {each.board}", each.reason[:200] or "failed") for each in failed)
    for artifact in candidate.record.artifacts if candidate.attestation else ():
        of_it = [result for result in results if result.format == artifact.format]
        excused = artifact.format in MAY_BE_UNTESTED and all(each.status != "failed" for each in of_it)
        if not any(result.ran for result in of_it) and not (excused and any(each.reason for each in of_it)):
            yield artifact.format, "it passed nowhere"
    if candidate.attestation and not candidate.attestation.passed and not failed:
        yield "attestation", "nothing ran and was right"


def _each(*rules: tuple[str, str, Callable[[Any], Iterable[Finding]]]) -> tuple[Rule[Any], ...]:
    return tuple(Rule(*rule) for rule in rules)


RECORD_RULES: tuple[Rule[Candidate], ...] = _each(
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
    ("R7", f"a file has up to {MOST_ARCHIVE_BYTES} bytes", _sizes),
)
ARCHIVE_RULES: tuple[Rule[Opened], ...] = _each(
    ("A1", "all files lie in the package's folder", _folders),
    ("A2", "an archive holds only files that its format has: no programs, no scripts", partial(_layout, layout.paths)),
    ("A3", "all files are text in UTF-8", partial(_layout, layout.texts)),
    ("A4", "nothing runs when it is installed or built, but compilers", partial(_layout, layout.hooks)),
    ("A5", "src is the same in all archives: what was tested is what is installed", _same_sources),
    ("A6", "the header names the version, and the model by its hash", _identity),
    ("A7", "manifests name the package and its version as the record does", _named),
    ("A8", "README.md names the package, LICENSE the model's licence", _readable),
    ("A9", "the source is the project of this package, with its model", _source),
    ("A10", "the timeline is of this package", _timeline),
)
ATTESTATION_RULES: tuple[Rule[Candidate], ...] = _each(
    ("V1", "there is an attestation, of just these archives", _about),
    (
        "V2",
        f"nothing failed, and each archive ran somewhere and was right ({', '.join(MAY_BE_UNTESTED)}: or says why not)",
        _passed,
    ),
)
HINTS = {
    "R3": "set package.license in tinypack.toml",
    "R6": "build it again: `tinypack build`",
    "V1": "`tinypack verify PROJECT` writes one; --unverified publishes without, and says so to all",
    "V2": "mend what failed, or verify it again; --unverified publishes without, and says so to all",
}
