"""What a registry says of packages: an index a package, one line a version, every statement signed by who makes it.

Bodies hold no floats, so that their canonical bytes, which are signed, are the same in every language.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from semver import Version

from tinypack.errors import TinypackError

MOST_INDEX_BYTES = 8 << 20
MOST_KEYWORDS, MOST_BOARDS, LONGEST = 10, 32, 200  # in a summary: words, boards, characters of each
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
KeyId = Sha256
Size = Annotated[int, Field(ge=0, le=1 << 40)]
Count = Annotated[int, Field(ge=0, le=1 << 62)]
Mode = Literal["private", "public"]
#: The oracle's, of every node or of outputs alone, or only what archives say of themselves: `verify.report.Method`.
Method = Literal["nodes", "outputs", "self-test"]
#: What a registry says of a board: only what ran and was right is verified.
BoardStatus = Literal["verified", "compiled", "failed", "untested"]


class Entry(BaseModel):
    """Keys that a later tinypack adds are kept, and signed over."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True)


class File(Entry):
    """A file of the registry; see `paths`."""

    path: str
    size: Size
    sha256: Sha256

    @property
    def filename(self) -> str:
        return self.path.rpartition("/")[2]


class Archive(File):
    """A package in one format, or something beside it: "record", "readme" and "source" of the project, "timeline"."""

    format: str


class Signature(Entry):
    keyid: KeyId
    sig: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]*$")]


Body = TypeVar("Body", bound=Entry)


class Signed(Entry, Generic[Body]):
    """A statement and who signed it: over `canonical(body)`."""

    body: Body
    signatures: list[Signature] = []

    def signed_bytes(self) -> bytes:
        return canonical(self.body)


class Release(Entry):
    """One version of a package, as its publisher states it."""

    kind: Literal["release"] = "release"
    registry: Sha256 | None = None  # that it is for, by its first root; so in all that publishers say
    name: str
    version: str
    published: str  # UTC, such as 2026-11-24T19:00:00Z
    tinypack: str
    description: str
    license: str  # SPDX, of the model
    authors: list[str]
    keywords: list[str]
    repository: str
    model_sha256: Sha256
    features: str  # type of [features], "" without
    decision: str  # type of [decision], "" without
    labels: list[str]
    inputs: list[str]  # such as "int8 [1, 49, 10, 1]"
    outputs: list[str]
    arena_bytes: Count
    ram_bytes: Count
    table_bytes: Count
    unverified: bool  # published without a passing attestation: shown wherever the version is shown
    archives: list[Archive]

    def archive(self, format: str) -> Archive | None:
        """Give the archive of a format."""
        return next((archive for archive in self.archives if archive.format == format), None)


class BoardResult(Entry):
    """What was run on a board; figures are those of the first format that passed, None where not measured."""

    board: str
    status: BoardStatus
    formats: list[str] = []  # those that ran and were right
    machine: str = ""
    compiler: str = ""
    flags: str = ""
    kernel_variant: str = ""
    vectors: Count = 0
    flash_bytes: Count | None = None
    ram_bytes: Count | None = None
    stack_bytes: Count | None = None
    instructions: Count | None = None
    frame_instructions: Count | None = None


class Attested(Entry):
    """What an attestation says in short; the file has all of it."""

    kind: Literal["attestation"] = "attestation"
    name: str
    version: str
    made: str
    by: str  # who signs, as they call themselves
    passed: bool
    artifacts: list[Sha256]  # of the archives that were verified
    file: File
    boards: list[BoardResult]
    method: Method | None = None  # what answers were compared with
    key: dict[str, Any] | None = None  # public registries: the signer's, where it is no owner's, as TUF writes it

    @property
    def who(self) -> str:
        """Say who attests: anyone may call themselves as the publisher does, but not sign so."""
        return f"{self.by} (not the publisher)" if self.key else self.by

    @property
    def outcome(self) -> str:
        """Say in words what came of it, and if answers were compared with less than every node's."""
        found = {result.status for result in self.boards}
        if self.passed:
            return ", ".join(filter(None, ("passed", self.how)))
        return "failed" if "failed" in found else OUTCOMES["compiled" in found]

    @property
    def how(self) -> str:
        """Say what answers were compared with, if that is less than every node's; else ""."""
        return METHODS[self.method or "nodes"]


#: Whether anything compiled -> what came of it where nothing ran.
OUTCOMES = {True: "only compiled", False: "nothing ran"}
#: What is to be said besides "passed"; the more was compared, the earlier it stands.
METHODS: dict[Method, str] = {"nodes": "", "outputs": "outputs alone", "self-test": "by its own self-test alone"}


class Yank(Entry):
    """Hides a version from resolution, or shows it again (`yanked` false)."""

    kind: Literal["yank"] = "yank"
    registry: Sha256 | None = None
    name: str
    version: str
    made: str
    yanked: bool = True
    why: str


class Owners(Entry):
    """Who may publish under a name, in public registries; each change is signed by an owner before it, or recovered."""

    kind: Literal["owners"] = "owners"
    registry: Sha256 | None = None
    name: str
    number: Count  # 1 for the first, then one more each
    made: str
    keys: dict[KeyId, dict[str, Any]]  # keyid -> key, as TUF writes it
    lines: Count = (
        0  # so many versions were there before, whose releases have this digest; later ones are signed by `keys`
    )
    digest: Sha256 = hashlib.sha256().hexdigest()
    why: str = ""


class OwnersLine(Entry):
    owners: Signed[Owners]


class Line(Entry):
    """A version: what its publisher says, what was attested since, and whether it is yanked."""

    release: Signed[Release]
    attestations: list[Signed[Attested]] = []
    yank: Signed[Yank] | None = None

    @property
    def version(self) -> str:
        return self.release.body.version

    @property
    def yanked(self) -> str:
        """Why it is yanked; "" if it is not."""
        return self.yank.body.why if self.yank and self.yank.body.yanked else ""

    @property
    def boards(self) -> dict[str, BoardResult]:
        """What is best known of each board: a failure over all, then what ran over what was only compiled.

        Of what ran, that comes first which was compared with more. Only owners and the registry count: a key costs
        nothing, so strangers could call anything failed, or verified; what they attest stands by itself.
        """
        best: dict[str, tuple[tuple[int, int], BoardResult]] = {}
        for body in (attested.body for attested in self.attestations if not attested.body.key):
            for result in body.boards:
                rank = (RANK[result.status], -list(METHODS).index(body.method or "nodes"))
                if result.board not in best or rank > best[result.board][0]:
                    best[result.board] = (rank, result)
        return {board: result for board, (_, result) in best.items()}


RANK: dict[str, int] = {"untested": 0, "compiled": 1, "verified": 2, "failed": 3}


class PackageIndex(Entry):
    """All that a registry says of a package."""

    name: str
    owners: list[Signed[Owners]] = []  # in order; empty in private registries
    lines: list[Line] = []  # in order of publishing

    def digest(self, lines: int) -> str:
        """Hash the releases of the first lines, for an owners' change to seal."""
        return sha256(b"".join(canonical(line.release.body) + b"\n" for line in self.lines[:lines]))

    def line(self, version: str) -> Line | None:
        return next((line for line in self.lines if line.version == version), None)

    @property
    def shown(self) -> Line | None:
        """Give the version that stands for the package: the highest that is not yanked, a prerelease only at need."""
        found = ((Version.parse(line.version), line) for line in self.lines if not line.yanked)
        return max(found, key=lambda pair: (not pair[0].prerelease, pair[0]), default=(None, None))[1]

    def summary(self) -> dict[str, Any]:
        """Say in short what search finds and shows; it travels in the metadata of the package's bin, so it is small."""
        last = self.shown
        if last is None:
            return {}
        release = last.release.body
        return {
            "version": release.version,
            "description": release.description[:LONGEST],
            "keywords": [word[:LONGEST] for word in release.keywords[:MOST_KEYWORDS]],
            "features": release.features[:LONGEST],
            "license": release.license[:LONGEST],
            "boards": sorted(name for name, result in last.boards.items() if result.status == "verified")[:MOST_BOARDS],
            "unverified": release.unverified,
        }

    def to_bytes(self) -> bytes:
        """Write the index: JSON lines, owners before versions."""
        rows: list[Entry] = [OwnersLine(owners=owners) for owners in self.owners]
        return b"".join(canonical(row) + b"\n" for row in (*rows, *self.lines))


def canonical(entry: Entry) -> bytes:
    """Give the bytes of an entry that are signed and stored: sorted keys, no blanks, UTF-8; None is left out."""
    plain = entry.model_dump(mode="json", exclude_none=True)
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def parse_index(name: str, data: bytes) -> PackageIndex:
    """Read an index whose bytes are known to be the registry's; it still may be hostile where publishers wrote it.

    Raises: TinypackError (bad-registry)
    """
    if len(data) > MOST_INDEX_BYTES:
        raise _bad(name, f"an index may have up to {MOST_INDEX_BYTES} bytes", f"{len(data)}")
    try:
        rows = list(_rows(data))
        owners = [OwnersLine.model_validate(row).owners for row in rows if "owners" in row]
        lines = [Line.model_validate(row) for row in rows if "owners" not in row]
    except (ValueError, ValidationError, RecursionError) as error:
        raise _bad(name, "an index is JSON lines of known shape", str(error)[:300]) from None
    names = {*(signed.body.name for signed in owners), *(line.release.body.name for line in lines)}
    if names - {name}:
        raise _bad(name, "an index holds one package", "another package's lines")
    if len({line.version for line in lines}) < len(lines):
        raise _bad(name, "a version stands once in an index", "one twice")
    return PackageIndex(name=name, owners=owners, lines=lines)


def _rows(data: bytes) -> Iterator[dict[str, Any]]:
    for text in data.splitlines():
        row = json.loads(text)
        if not isinstance(row, dict):
            raise ValueError("a line is not an object")
        yield row


def _bad(name: str, rule: str, found: str) -> TinypackError:
    return TinypackError.one("bad-registry", f"index of {name}", rule, found)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
