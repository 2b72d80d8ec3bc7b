"""What is said of packages in a registry: statements, each signed by who makes it.

Bodies hold no floats, so that their canonical bytes, which are signed, are the same in every language.
"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

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


def canonical(entry: Entry) -> bytes:
    """Give the bytes of an entry that are signed and stored: sorted keys, no blanks, UTF-8; None is left out."""
    plain = entry.model_dump(mode="json", exclude_none=True)
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
