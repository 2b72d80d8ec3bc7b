"""tinypack.lock: which versions a project uses, with the hashes of their archives.

It may come from others, so nothing in it is trusted: no path that leaves the project, no size without limit.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from semver import Version

from tinypack.errors import Problem, TinypackError
from tinypack.names import PATTERN
from tinypack.output import write_whole
from tinypack.registry.client.resolve import ANY, LONGEST_RANGE, Wanted, parse_wanted
from tinypack.registry.entries import Archive, KeyId
from tinypack.registry.package_index import Line
from tinypack.registry.stores.paths import checked

NAME = "tinypack.lock"
SCHEMA = "tinypack-lock/1"
MOST_LOCK_BYTES = 16 << 20
MOST_ARCHIVE_BYTES = 256 << 20
INTO = re.compile(r"(?!-)[^\x00-\x1f\x7f\\:*?\"<>|]{1,255}")
BUILT = ".pio"  # where PlatformIO puts what it can make anew
URL = re.compile(r"(?!-)[^\x00-\x1f\x7f]{1,2000}")


def _valid_name(name: str) -> str:
    if not PATTERN.fullmatch(name):
        raise ValueError("a name has 2 to 32 of a-z, 0-9 and -")
    return name


def _valid_version(version: str) -> str:
    if len(version) > 100 or not Version.is_valid(version):
        raise ValueError("a version is such as 1.2.3")
    return version


def _valid_range(range: str) -> str:
    try:
        parse_wanted(f"any@{range}")
    except TinypackError as error:
        raise ValueError(error.problems[0].rule) from None
    return range


def _valid_into(into: str) -> str:
    parts = into.split("/")
    plain = all(
        part and not part.endswith((" ", ".")) and not (part.startswith(".") and part != BUILT) for part in parts
    )
    if into and not (plain and INTO.fullmatch(into)):
        raise ValueError(f"a folder is relative to the lockfile's and inside it, and none is hidden but {BUILT}")
    return into


def _valid_archive(archive: Archive) -> Archive:
    try:
        checked(archive.path)
    except TinypackError as error:
        raise ValueError(error.problems[0].rule) from None
    if archive.size > MOST_ARCHIVE_BYTES:
        raise ValueError(f"an archive may have up to {MOST_ARCHIVE_BYTES} bytes")
    return archive


def _valid_url(url: str) -> str:
    if not URL.fullmatch(url) or "::" in url:
        raise ValueError("a registry is a URL or a folder")
    return url


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Target(_Strict):
    """Where a package is put.

    into  folder below the lockfile's that holds the package's folder; "" for the target's usual place
    """

    to: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]{1,31}$")]
    into: Annotated[str, AfterValidator(_valid_into)] = ""


class Locked(_Strict):
    """A package at a version."""

    name: Annotated[str, AfterValidator(_valid_name)]
    range: Annotated[str, StringConstraints(max_length=LONGEST_RANGE), AfterValidator(_valid_range)] = ANY
    version: Annotated[str, AfterValidator(_valid_version)]
    unverified: bool = False
    signers: list[KeyId] = []  # of the release
    archives: Annotated[list[Annotated[Archive, AfterValidator(_valid_archive)]], Field(max_length=100)]
    targets: Annotated[list[Target], Field(max_length=100)] = []

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.name, self.range)

    def archive(self, format: str) -> Archive | None:
        """Give the archive of a format."""
        return next((archive for archive in self.archives if archive.format == format), None)

    def put(self, target: Target) -> Locked:
        """Add a place."""
        return self if target in self.targets else self.model_copy(update={"targets": [*self.targets, target]})


class _Lockfile(_Strict):
    schema_: Annotated[Literal["tinypack-lock/1"], Field(alias="schema")] = "tinypack-lock/1"
    registry: Annotated[str, AfterValidator(_valid_url)]
    root_sha256: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = ""
    packages: Annotated[list[Locked], Field(max_length=10_000)] = []


@dataclass(frozen=True)
class Lock:
    """What a lockfile says, and where it lies.

    registry     URL, or a folder, relative to the lockfile's
    root_sha256  the root metadata that the registry was first trusted by
    """

    path: Path
    registry: str = ""
    root_sha256: str = ""
    packages: dict[str, Locked] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self.path.absolute().parent

    @property
    def url(self) -> str:
        """The registry's URL, or its folder from here."""
        folder = self.registry and is_folder(self.registry)
        return os.path.normpath(self.root / self.registry) if folder else self.registry

    def with_packages(self, packages: Iterable[Locked]) -> Lock:
        """Replace or add packages."""
        merged = {**self.packages, **{each.name: each for each in packages}}
        return Lock(self.path, self.registry, self.root_sha256, dict(sorted(merged.items())))

    def of_registry(self, url: str, root_sha256: str) -> Lock:
        """Note where the packages come from; a folder that is given relatively stays relative, to the lockfile."""
        if is_folder(url):
            folder = Path(url).expanduser()
            url = (folder if folder.is_absolute() else Path(os.path.relpath(folder, self.root))).as_posix()
        return Lock(self.path, url, root_sha256, self.packages)

    def to_bytes(self) -> bytes:
        plain = {
            "schema": SCHEMA,
            "registry": self.registry,
            "root_sha256": self.root_sha256,
            "packages": [each.model_dump(mode="json", exclude_none=True) for each in self.packages.values()],
        }
        return (json.dumps(plain, indent=2, ensure_ascii=False) + "\n").encode()

    def write(self) -> None:
        """Write it whole, if it would change.

        Raises: TinypackError (io)
        """
        data = self.to_bytes()
        if not self.path.is_file() or self.path.read_bytes() != data:
            write_whole(self.root, {self.path.name: data})


def is_folder(url: str) -> bool:
    """Whether a registry's URL is the path of a folder."""
    return not re.match(r"[A-Za-z][A-Za-z0-9+.-]+:|[\w.-]+@[\w.-]+:", url)


def locked(line: Line, range: str, formats: Iterable[str], targets: Iterable[Target] = ()) -> Locked:
    """Note a resolved version.

    Raises: TinypackError (bad-registry) if what the registry says can't stand in a lockfile
    """
    release = line.release.body
    kept = set(formats)
    try:
        return Locked(
            name=release.name,
            range=range,
            version=release.version,
            unverified=release.unverified,
            signers=sorted({signature.keyid for signature in line.release.signatures}),
            archives=[
                Archive(format=a.format, path=a.path, size=a.size, sha256=a.sha256)
                for a in release.archives
                if a.format in kept
            ],
            targets=list(targets),
        )
    except ValidationError as error:
        where = f"{release.name} {release.version!a}"
        raise TinypackError(
            Problem("bad-registry", where, each["msg"], ascii(each["input"])[:200]) for each in error.errors()
        ) from None


def read_lock(path: Path) -> Lock:
    """Read a lockfile; one that is not there is empty.

    Raises: TinypackError (bad-lockfile, io) with every problem
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_LOCK_BYTES + 1)
        if len(data) > MOST_LOCK_BYTES:
            raise TinypackError.one("bad-lockfile", str(path), f"it may have up to {MOST_LOCK_BYTES} bytes", "more")
        read = _Lockfile.model_validate_json(data)
    except FileNotFoundError:
        return Lock(path)
    except OSError as error:
        raise TinypackError.one("io", str(path), "the lockfile must be readable", str(error.strerror)) from None
    except ValidationError as error:
        raise TinypackError(
            Problem(
                "bad-lockfile",
                _place(path, each["loc"]),
                each["msg"].removeprefix("Value error, "),
                ascii(each["input"])[:200],
            )
            for each in error.errors()
        ) from None
    problems = [Problem("bad-lockfile", f"{path}: {name}", "a package stands once") for name in _doubled(read.packages)]
    if problems:
        raise TinypackError(problems)
    return Lock(path, read.registry, read.root_sha256, {each.name: each for each in read.packages})


def _place(path: Path, location: Iterable[int | str]) -> str:
    return ": ".join([str(path), ".".join(map(str, location))])


def _doubled(packages: list[Locked]) -> list[str]:
    names = [each.name for each in packages]
    return sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
