"""`tinypack bump`: raises the version in tinypack.toml as far as what changed asks for, and touches nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from semver import Version

from tinypack.errors import TinypackError
from tinypack.manifest import Manifest, Project, key_line, load_project, parse_manifest
from tinypack.output import write_file
from tinypack.registry.package_index import Line
from tinypack.registry.versions.change import Comparison
from tinypack.registry.versions.compare import compare
from tinypack.registry.versions.sources import Opened, open_index, open_line, open_package, open_project
from tinypack.registry.versions.steps import base_version, least_version, parse_version, tells

MOST_TRIES = 100  # places where the manifest holds the version's text
VALUE = r"""(?P<quote>["']){version}(?P=quote)"""


@dataclass(frozen=True, eq=False)
class Bump:
    """What became of a project's version.

    base        the version that it was compared with; "" if there is none
    comparison  what changed since; None without a base
    """

    name: str
    old: str
    new: str
    base: str = ""
    comparison: Comparison | None = None

    @property
    def verdict(self) -> str:
        if self.comparison is None:
            return f"{self.name} {self.new} stays: nothing was published before"
        step = f"{self.comparison.step.label} since {self.base}" if self.comparison.changes else f"same as {self.base}"
        return f"{step}: {self.old} is enough" if self.old == self.new else f"{step}: {self.old} -> {self.new}"

    def to_json(self) -> dict[str, Any]:
        changes = self.comparison.changes if self.comparison else ()
        return {
            "name": self.name,
            "old": self.old,
            "new": self.new,
            "base": self.base or None,
            "step": self.comparison.step.label if self.comparison else None,
            "changes": [change.to_json() for change in changes],
        }


def bump(path: Path, registry: str = "", against: str = "") -> Bump:
    """Raise a project's version to the least one that tells what changed since `against`, or since the registry's.

    Of a registry it is the newest version of the project's own minor line, else the newest one before the project's.
    A version that tells enough already stays.
    Raises: TinypackError if the project can't be built, or what it is compared with can't be opened
    """
    project = load_project(path)
    package = project.manifest.package
    if project.manifest_path == project.model_path:
        rule = "a version stands in tinypack.toml"
        raise TinypackError.one("bad-manifest", str(path), rule, "a bare model", "`tinypack init` writes one")
    base = open_package(against, registry) if against else _newest(package.name, package.version, registry)
    if base is None:
        return Bump(package.name, package.version, package.version)
    old = base.facts.version
    if parse_version(old) is None:
        raise TinypackError.one("bad-archive", against, "a version is MAJOR.MINOR.PATCH (semver.org)", old[:100])
    comparison = compare(base.facts, open_project(path).facts)
    published = base.versions or (old,)
    enough = package.version not in published and tells(old, package.version, comparison.step)
    new = package.version if enough else least_version(published, old, comparison.step)
    if new != package.version:
        text = _read(project.manifest_path)
        write_file(project.manifest_path, with_version(text, project, new).encode())
    return Bump(package.name, package.version, new, old, comparison)


def _newest(name: str, version: str, registry: str) -> Opened | None:
    """Open what a registry has of a package that a version is compared with; None if it has nothing."""
    try:
        fetched = open_index(name, registry)
    except TinypackError as error:
        if {problem.code for problem in error.problems} == {"no-package"} and registry:
            return None
        raise
    lines = {line.version: line for line in fetched.index.lines if not line.yanked}
    chosen = _compared(version, lines)
    if chosen is None:
        return None
    opened = open_line(chosen, fetched.fetch)
    return Opened(opened.facts, opened.files, fetched.versions)


def _compared(version: str, lines: dict[str, Line]) -> Line | None:
    known = [found for found in map(parse_version, lines) if found and not found.prerelease]
    own = Version.parse(version)
    same = [found for found in known if (found.major, found.minor) == (own.major, own.minor)]
    before = base_version(version, lines)
    chosen = str(max(same)) if same else before or (str(max(known)) if known else None)
    return lines[chosen] if chosen else None


def with_version(text: str, project: Project, version: str) -> str:
    """Write another version into the text of a tinypack.toml; all else stays, letter by letter.

    Raises: TinypackError (bad-manifest) if the version is written in a way that can't be found
    """
    wanted = project.manifest.model_copy(
        update={"package": project.manifest.package.model_copy(update={"version": version})}
    )
    for changed in _candidates(text, project.manifest.package.version, version):
        if _parsed(changed, project.manifest_path) == wanted:
            return changed
    line = key_line(text, ["package", "version"])
    rule, found = 'the version must be plain text in quotes: version = "1.2.3"', "another way of writing it"
    hint = f"write {version} there yourself"
    raise TinypackError.one("bad-manifest", f"{project.manifest_path}:{line}: package.version", rule, found, hint)


def _candidates(text: str, old: str, new: str) -> Iterator[str]:
    """Put the new version wherever the old one stands in quotes, then below the package's name."""
    for number, found in enumerate(re.finditer(VALUE.format(version=re.escape(old)), text)):
        if number == MOST_TRIES:
            return
        yield f"{text[: found.start() + 1]}{new}{text[found.end() - 1 :]}"
    lines = text.splitlines(keepends=True)
    at = key_line(text, ["package", "name"])
    if at <= len(lines):
        name = lines[at - 1]
        end = name[len(name.rstrip("\r\n")) :] or "\n"
        key = "package.version" if name.lstrip().startswith("package") else "version"
        first = name if name.endswith(end) else name + end
        yield "".join([*lines[: at - 1], first, f'{key} = "{new}"{end}', *lines[at:]])


def _parsed(text: str, path: Path) -> Manifest | None:
    try:
        return parse_manifest(text, path)
    except TinypackError:
        return None


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise TinypackError.one("io", str(path), "the manifest must be readable", str(error)) from None
