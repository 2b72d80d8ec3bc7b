"""What archives must hold, and that they are all of one package."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tinypack.errors import Problem, TinypackError
from tinypack.formats import FORMATS
from tinypack.formats.rules import Finding, Rule, text
from tinypack.formats.unpack import read_archive
from tinypack.manifest import FILENAME, parse_manifest
from tinypack.names import c_names
from tinypack.registry.entries import sha256
from tinypack.registry.publishing import layout
from tinypack.registry.publishing.candidate import MOST_README_BYTES, Candidate
from tinypack.registry.publishing.record import read_object
from tinypack.registry.publishing.rules import SHOWN, rules

MOST_TIMELINE_BYTES = 4 << 20
MOST_UNPACKED_BYTES = 256 << 20  # of all archives together: they are all in memory
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


def open_archives(candidate: Candidate) -> tuple[Opened, list[Problem]]:
    """Unpack archives; those that can't be are among the problems."""
    trees: dict[str, Mapping[str, bytes]] = {}
    problems: list[Problem] = []
    room = MOST_UNPACKED_BYTES
    for part in candidate.parts:
        if part.format in FORMATS or part.filename.endswith(".tar.gz"):
            try:
                files = read_archive(part.data, part.filename)
            except TinypackError as error:
                problems += error.problems
                continue
            if part.format in FORMATS:
                trees[part.format] = files
            room -= sum(map(len, files.values()))
            if room < 0:
                rule = f"archives hold up to {MOST_UNPACKED_BYTES} bytes together"
                problems.append(Problem("refused", candidate.record.title, rule, "more"))
                break
    return Opened(candidate, trees), problems


def ecosystem_problems(opened: Opened) -> Iterator[Problem]:
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


def _project_readme(opened: Opened) -> Iterator[Finding]:
    for part in (part for part in opened.candidate.parts if part.format == "readme"):
        if len(part.data) > MOST_README_BYTES:
            yield part.filename, f"{len(part.data)} bytes, more than {MOST_README_BYTES}"
        try:
            part.data.decode()
        except UnicodeDecodeError:
            yield part.filename, "no UTF-8"


ARCHIVE_RULES: tuple[Rule[Opened], ...] = rules(
    ("A1", "all files lie in the package's folder", _folders),
    ("A2", "an archive holds only files that its format has: no programs, no scripts", partial(_layout, layout.paths)),
    ("A3", "all files are text in UTF-8, none of them padded", partial(_layout, layout.texts)),
    ("A4", "nothing runs when it is installed or built, but compilers", partial(_layout, layout.hooks)),
    ("A5", "src is the same in all archives: what was tested is what is installed", _same_sources),
    ("A6", "the header names the version, and the model by its hash", _identity),
    ("A7", "manifests name the package and its version as the record does", _named),
    ("A8", "README.md names the package, LICENSE the model's licence", _readable),
    ("A9", "the source is the project of this package, with its model", _source),
    ("A10", "the timeline is of this package", _timeline),
    ("A11", "the project's README is text in UTF-8, and no book", _project_readme),
)
