"""Which version of a package a range means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from semantic_version import NpmSpec
from semver import Version

from tinypack.errors import TinypackError
from tinypack.names import PATTERN
from tinypack.registry.package_index import Line, PackageIndex

LONGEST_RANGE = 200
MOST_REASONS = 12  # versions that an error explains
ANY = "*"
RULE = "a range is such as ^1.2, ~1.2, 1.x, >=1 <2 or 1.2.3"


@dataclass(frozen=True)
class Wanted:
    """A package and the range of its versions."""

    name: str
    range: str = ANY

    def __str__(self) -> str:
        return self.name if self.range == ANY else f"{self.name}@{self.range}"

    def takes(self, version: str) -> bool:
        """Whether a version lies in the range; prereleases do only if the range names one of the same numbers."""
        if self.exact:
            return version == self.exact
        return version_of(version) is not None and bool(self._spec.match(_parsed(version)))

    @property
    def exact(self) -> str:
        """The one version that is wanted, or ""."""
        plain = self.range.strip().lstrip("=v")
        return plain if Version.is_valid(plain) else ""

    @cached_property
    def _spec(self) -> NpmSpec:
        try:
            return NpmSpec(" ".join(self.range.replace(",", " ").split()))
        except ValueError:
            raise TinypackError.one("no-package", str(self), RULE, self.range) from None


def parse_wanted(text: str) -> Wanted:
    """Read NAME or NAME@RANGE.

    Raises: TinypackError (no-package)
    """
    name, mark, range = text.partition("@")
    if not PATTERN.fullmatch(name):
        raise TinypackError.one(
            "no-package", ascii(text[:100]), "a name has 2 to 32 of a-z, 0-9 and -", ascii(name[:100])
        )
    if len(range) > LONGEST_RANGE or (mark and not range.strip()):
        raise TinypackError.one("no-package", name, RULE, ascii(range[:100]))
    wanted = Wanted(name, range.strip() or ANY)
    wanted.takes("1.0.0")
    return wanted


def resolve(index: PackageIndex, wanted: Wanted) -> Line:
    """Give the highest version in a range that is not yanked.

    Raises: TinypackError (no-package) that says why each version was not taken
    """
    taken = [line for line in index.lines if wanted.takes(line.version) and not line.yanked]
    if not taken:
        raise TinypackError.one(
            "no-package", str(wanted), "a version must fit", _found(index, wanted), _hint(index, wanted)
        )
    return max(taken, key=lambda line: Version.parse(line.version))


def by_version(index: PackageIndex) -> list[Line]:
    """Sort what is a version, the highest first."""
    valid = [line for line in index.lines if version_of(line.version)]
    return sorted(valid, key=lambda line: Version.parse(line.version), reverse=True)


def newer(index: PackageIndex, version: str) -> str:
    """Give the highest version above another that may be used: a final one, or a prerelease of what is one; or ""."""
    here = Version.parse(version)
    for line in by_version(index):
        found = Version.parse(line.version)
        if found > here and not line.yanked and (not found.prerelease or here.prerelease):
            return line.version
    return ""


def version_of(text: str) -> Version | None:
    """Read a version; None if it is none."""
    return Version.parse(text) if Version.is_valid(text) else None


def _parsed(version: str) -> object:
    from semantic_version import Version as Other

    return Other(version)


def _found(index: PackageIndex, wanted: Wanted) -> str:
    reasons = list(_reasons(index, wanted))
    more = [f"{len(reasons) - MOST_REASONS} older ones"] if len(reasons) > MOST_REASONS else []
    return "; ".join([*reasons[:MOST_REASONS], *more]) or "no version at all"


def _reasons(index: PackageIndex, wanted: Wanted) -> Iterator[str]:
    for line in by_version(index):
        parsed = Version.parse(line.version)
        if line.yanked and wanted.takes(line.version):
            yield f"{line.version} was yanked: {ascii(line.yanked)[1:-1]}"
        elif parsed.prerelease and Wanted(wanted.name, wanted.range).takes(str(parsed.finalize_version())):
            yield f"{line.version} is a prerelease"
        else:
            yield f"{line.version} is out of range"


def _hint(index: PackageIndex, wanted: Wanted) -> str:
    for line in by_version(index):
        if not line.yanked:
            return f"`{wanted.name}@{line.version}` would do"
    return ""
