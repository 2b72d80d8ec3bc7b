"""Which versions an export takes: those in range that have the format and are not yanked."""

from __future__ import annotations

from collections.abc import Sequence

from semver import Version

from tinypack.errors import Problem, TinypackError
from tinypack.registry.client.resolve import ANY, Wanted, parse_wanted, version_of
from tinypack.registry.entries import Archive, Release
from tinypack.registry.exports.protocol import Chosen, Source
from tinypack.registry.package_index import PackageIndex


def choose(source: Source, wanted: Sequence[str], format: str, newest: bool) -> tuple[list[Chosen], list[str]]:
    """Find the packages and versions that are wanted, all if none is named; and say why others are left out.

    `wanted` holds NAME or NAME@RANGE.
    Raises: TinypackError (no-package) with every package of which there is none
    """
    found: list[Chosen] = []
    left_out: list[str] = []
    problems: list[Problem] = []
    names: set[str] = set()
    for text in wanted or source.names():
        try:
            asked = parse_wanted(text)
            if asked.name in names:
                raise TinypackError.one("no-package", text, "a package is named once", "twice", "join the ranges")
            names.add(asked.name)
            versions, reasons = _versions(source.package(asked.name), asked, format)
        except TinypackError as error:
            problems += error.problems
            continue
        if versions:
            found.append(Chosen(asked.name, (_newest(versions),) if newest else tuple(versions)))
        elif wanted:
            rule = f"a version in range must have an archive for {format}, and not be yanked"
            problems.append(Problem("no-package", text, rule, "; ".join(reasons) or "none"))
        left_out += (f"{asked.name} {reason}" for reason in reasons)
    if problems:
        raise TinypackError(problems)
    return found, left_out


def _versions(index: PackageIndex, asked: Wanted, format: str) -> tuple[list[tuple[Release, Archive]], list[str]]:
    kept: list[tuple[Release, Archive]] = []
    reasons: list[str] = []
    for line in index.lines:
        if version_of(line.version) is None:
            rule = "a version must be one (semver.org)"
            raise TinypackError.one("bad-registry", f"index of {index.name}", rule, repr(line.version))
        archive = line.release.body.archive(format)
        if asked.range != ANY and not asked.takes(line.version):
            continue
        if line.yanked:
            reasons.append(f"{line.version}: yanked: {ascii(line.yanked)[1:-1]}")
        elif archive is None:
            reasons.append(f"{line.version}: it has no archive for {format}")
        else:
            kept.append((line.release.body, archive))
    return kept, reasons


def _newest(versions: Sequence[tuple[Release, Archive]]) -> tuple[Release, Archive]:
    """A prerelease only where there is nothing else."""
    return max(versions, key=lambda given: rank(given[0].version))


def rank(version: str) -> tuple[bool, Version]:
    """Order versions so that the last is what users want."""
    parsed = Version.parse(version)
    return not parsed.prerelease, parsed
