"""Which versions an export takes: those in range that have the format and are not yanked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from semver import Version

from tinypack.errors import Problem, TinypackError
from tinypack.names import PATTERN
from tinypack.registry.entries import Archive, Line, PackageIndex, Release
from tinypack.registry.exports.protocol import Chosen, Source


def choose(source: Source, wanted: Sequence[str], format: str, newest: bool) -> tuple[list[Chosen], list[str]]:
    """Find the packages and versions that are wanted, all if none is named; and say why others are left out.

    `wanted` holds NAME or NAME@RANGE.
    Raises: TinypackError (no-package) with every package of which there is none
    """
    found: list[Chosen] = []
    left_out: list[str] = []
    problems: list[Problem] = []
    for text in wanted or source.names():
        name, _, range = text.partition("@")
        try:
            index = source.package(name)
            versions, reasons = _versions(index, range, format)
        except TinypackError as error:
            problems += error.problems
            continue
        if versions:
            found.append(Chosen(name, (_newest(versions),) if newest else tuple(versions)))
        elif wanted:
            rule = f"a version {f'in {range} ' if range else ''}must have an archive for {format}, and not be yanked"
            problems.append(Problem("no-package", text, rule, "; ".join(reasons) or "none"))
        left_out += (f"{name} {reason}" for reason in reasons)
    if problems:
        raise TinypackError(problems)
    return found, left_out


def _versions(index: PackageIndex, range: str, format: str) -> tuple[list[tuple[Release, Archive]], list[str]]:
    kept: list[tuple[Release, Archive]] = []
    reasons: list[str] = []
    for line in _in_range(index, range):
        if not PATTERN.fullmatch(index.name) or not Version.is_valid(line.version):
            rule = "names and versions must be such as tinypack gives"
            raise TinypackError.one("bad-registry", f"index of {index.name!r}", rule, repr(line.version))
        archive = line.release.body.archive(format)
        if line.yanked:
            reasons.append(f"{line.version}: yanked: {line.yanked}")
        elif archive is None:
            reasons.append(f"{line.version}: it has no archive for {format}")
        else:
            kept.append((line.release.body, archive))
    return kept, reasons


def _in_range(index: PackageIndex, range: str) -> Iterator[Line]:
    if not range:
        yield from index.lines
        return
    from semantic_version import NpmSpec
    from semantic_version import Version as Number

    try:
        spec = NpmSpec(range)
    except ValueError:
        rule = "a range is one of npm's, such as ^1.2, ~1.2.3 or >=1.0.0 <2.0.0"
        raise TinypackError.one("no-package", f"{index.name}@{range}", rule, range) from None
    yield from (line for line in index.lines if Version.is_valid(line.version) and spec.match(Number(line.version)))


def _newest(versions: Sequence[tuple[Release, Archive]]) -> tuple[Release, Archive]:
    """A prerelease only where there is nothing else."""
    return max(versions, key=lambda given: rank(given[0].version))


def rank(version: str) -> tuple[bool, Version]:
    """Order versions so that the last is what users want."""
    parsed = Version.parse(version)
    return not parsed.prerelease, parsed
