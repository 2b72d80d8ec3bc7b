"""What a project has, and what is amiss with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tinypack.errors import TinypackError
from tinypack.registry.client.install.install import folder_of
from tinypack.registry.client.install.marker import differences, marker_of, read_marker
from tinypack.registry.client.install.place import readable
from tinypack.registry.client.install.targets import ECOSYSTEMS
from tinypack.registry.client.install.unpacked import unpacked
from tinypack.registry.client.lockfile import Lock, Locked, Target
from tinypack.registry.client.registry import Registry
from tinypack.registry.client.resolve import newer, resolve
from tinypack.registry.package_index import PackageIndex

Level = Literal["problem", "note"]
MOST_SAID = 10  # differences of a folder


@dataclass(frozen=True)
class Finding:
    """Something that an audit found; a note alone is no failure."""

    level: Level
    subject: str
    text: str


@dataclass(frozen=True)
class Branch:
    """A locked package, where it is, and what is newer.

    folders  target -> folder, version there ("" if none)
    fitting  the highest version within the range, "" if it is the locked one
    newest   the highest of all, "" if it is the locked one
    unknown  why the registry could not say
    """

    package: Locked
    folders: tuple[tuple[str, Path, str], ...]
    fitting: str = ""
    newest: str = ""
    unknown: str = ""


def tree(lock: Lock, registry: Registry) -> list[Branch]:
    """List what a project has.

    Raises: TinypackError (bad-lockfile, io)
    """
    unknown = ""
    try:
        registry.refresh()
    except TinypackError as error:
        unknown = error.problems[0].code
    with readable(lock.root):
        return [_branch(lock, registry, each, unknown) for each in lock.packages.values()]


def audit(lock: Lock, registry: Registry) -> list[Finding]:
    """Compare what is installed with what the lockfile says, and that with what the registry says now.

    Raises: TinypackError (bad-lockfile, io)
    """
    with readable(lock.root):
        found = [finding for each in lock.packages.values() for finding in _installed(lock, registry, each)]
    try:
        registry.refresh()
    except TinypackError as error:
        return [*found, *_failures("the registry", error)]
    return [*found, *(finding for each in lock.packages.values() for finding in _known(registry, each))]


def _branch(lock: Lock, registry: Registry, package: Locked, unknown: str) -> Branch:
    folders = tuple(_there(lock, package, target) for target in package.targets)
    if unknown:
        return Branch(package, folders, unknown=unknown)
    try:
        index = registry.package(package.name)
        newest = newer(index, package.version)
        fitting = _fitting(index, package) if newest else ""
    except TinypackError as error:
        return Branch(package, folders, unknown=error.problems[0].code)
    return Branch(package, folders, fitting, newest)


def _there(lock: Lock, package: Locked, target: Target) -> tuple[str, Path, str]:
    folder = folder_of(lock, package.name, target)
    marker = read_marker(folder)
    return target.to, folder, marker.version if marker else ""


def _fitting(index: PackageIndex, package: Locked) -> str:
    try:
        version = resolve(index, package.wanted).version
    except TinypackError:
        return ""
    return version if version != package.version else ""


def _installed(lock: Lock, registry: Registry, package: Locked) -> Iterator[Finding]:
    subject = f"{package.name} {package.version}"
    for target in package.targets:
        folder = folder_of(lock, package.name, target)
        archive = package.archive(ECOSYSTEMS[target.to].format)
        if archive is None:
            yield Finding("problem", subject, f"the lockfile has no archive for {target.to}")
        elif not folder.is_dir():
            yield Finding("problem", subject, f"{folder} is not there: `tinypack install` puts it there")
        else:
            try:
                given = registry.fetch(archive), archive.filename, ECOSYSTEMS[target.to].top
                files = unpacked(*given, package.name, package.version, archive.sha256, folder, None).files
            except TinypackError as error:
                yield from _failures(subject, error)
                continue
            found = differences(folder, marker_of(package.name, package.version, "", files).files)
            yield from (Finding("problem", subject, f"{folder}: {each}") for each in found[:MOST_SAID])
            if len(found) > MOST_SAID:
                yield Finding("problem", subject, f"{folder}: {len(found) - MOST_SAID} more differences")


def _known(registry: Registry, package: Locked) -> Iterator[Finding]:
    subject = f"{package.name} {package.version}"
    try:
        index = registry.package(package.name)
    except TinypackError as error:
        yield from _failures(subject, error)
        return
    line = index.line(package.version)
    if line is None:
        yield Finding("problem", subject, "the registry has no such version")
        return
    if line.yanked:
        yield Finding("problem", subject, f"it was yanked: {line.yanked}")
    if line.release.body.unverified:
        yield Finding("problem", subject, "it was published unverified")
    for archive in package.archives:
        published = line.release.body.archive(archive.format)
        if published is None or published.sha256 != archive.sha256:
            text = f"the lockfile's archive for {archive.format} is not the one that was published"
            yield Finding("problem", subject, text)
    for result in line.boards.values():
        if result.status == "failed":
            yield Finding("problem", subject, f"it failed on the board {result.board}")
    newest = newer(index, package.version)
    if newest:
        yield Finding("note", subject, f"{newest} is newer")


def _failures(subject: str, error: TinypackError) -> Iterator[Finding]:
    for problem in error.problems:
        yield Finding("problem", subject, f"{problem.code}: {problem.where}: {problem.found or problem.rule}")
