"""Which version numbers may follow which, given what changed.

Source: semver.org 2.0.0; what it leaves open (0.x, prereleases, lines of older minors) is in docs/versions.md
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from semver import Version

from tinypack.errors import Problem
from tinypack.registry.versions.change import Comparison, Step
from tinypack.registry.versions.compare import compare
from tinypack.registry.versions.facts import Facts

MOST_REASONS = 3  # in a message
Loader = Callable[[], Facts]


def parse_version(text: str) -> Version | None:
    """Read a version as packages may have it: without build metadata. None if it is not one."""
    try:
        version = Version.parse(text)
    except (ValueError, TypeError):
        return None
    return None if version.build else version


def base_version(version: str, published: Iterable[str]) -> str | None:
    """Say which version another is compared with: the highest lower one of its minor line, else the highest lower one.

    Prereleases are nobody's base: they promise nothing.
    """
    own = parse_version(version)
    if own is None:
        return None
    lower = [known for known in map(parse_version, published) if known and not known.prerelease and known < own]
    line = [known for known in lower if (known.major, known.minor) == (own.major, own.minor)]
    return str(max(line or lower)) if lower else None


def least_version(published: Collection[str], old: str, step: Step) -> str:
    """Give the least version that tells a step from `old`, in a line where nothing is published beyond it.

    In 0.y.z what breaks raises y, and all else z. What follows a prerelease is the version that it leads to.
    """
    known = [version for version in map(parse_version, published) if version and not version.prerelease]
    at = Version.parse(old)
    if at.prerelease and at.finalize_version() not in known:
        return str(at.finalize_version())
    if _part(at, step) == Step.PATCH:
        line = (version.patch for version in known if (version.major, version.minor) == (at.major, at.minor))
        return str(at.finalize_version().replace(patch=max([at.patch, *line]) + 1))
    raised = at.finalize_version()
    while True:
        raised = raised.bump_minor() if _part(at, step) == Step.MINOR else raised.bump_major()
        if not any(_same_part(raised, version, _part(at, step)) for version in known):
            return str(raised)


def tells(old: str, version: str, step: Step) -> bool:
    """Whether a version is far enough above `old` for a step; a prerelease counts as what it leads to."""
    before, after = Version.parse(old), Version.parse(version).finalize_version()
    if before.prerelease:
        return after >= before
    part = _part(before, step)
    lower = {Step.PATCH: before.bump_patch, Step.MINOR: before.bump_minor, Step.MAJOR: before.bump_major}
    return after >= lower[part]()


def check_step(
    candidate: Facts,
    version: str,
    published: Mapping[str, Facts | Loader],
    taken: Collection[str] = (),
) -> Problem | None:
    """Compare a package with the published version before its own; say what is wrong if it is raised by too little.

    `published` are versions that users may get; only the one that is compared is loaded. `taken` are versions that
    exist besides, such as yanked ones: nothing is compared with them, and no message proposes them.
    Raises: what a loader raises
    """
    where = f"{candidate.name} {version}"[:100]
    if parse_version(version) is None:
        rule = "a version is MAJOR.MINOR.PATCH (semver.org), without build metadata"
        return Problem("bad-step", where, rule, version[:100], "change package.version in tinypack.toml")
    base = base_version(version, published)
    if base is None:
        return None
    known = published[base]
    comparison = compare(known() if callable(known) else known, candidate)
    if tells(base, version, comparison.step):
        return None
    least = least_version({*published, *taken}, base, comparison.step)
    return Problem("bad-step", where, step_rule(comparison, base, least), comparison.reasons(MOST_REASONS))


def step_rule(comparison: Comparison, base: str, least: str) -> str:
    return f"what changed since {base} is {comparison.step.label}: the least version that tells it is {least}"


def _part(old: Version, step: Step) -> Step:
    """Say which part of a version is raised."""
    if old.major > 0:
        return max(step, Step.PATCH)
    return Step.MINOR if step == Step.MAJOR else Step.PATCH


def _same_part(raised: Version, version: Version, part: Step) -> bool:
    """Whether a line is taken: of majors by any version, of minors by any of the same major and minor."""
    return raised.major == version.major and (part == Step.MAJOR or raised.minor == version.minor)
