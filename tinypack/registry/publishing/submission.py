"""What a publisher says of a package, signed: checked and added to its index by whoever holds the online key.

Publishing directly, and merging what others handed in, are the same from here on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, Field, ValidationError

from tinypack.errors import Problem, TinypackError
from tinypack.registry.entries import (
    Attested,
    Entry,
    File,
    Line,
    Owners,
    PackageIndex,
    Release,
    Signed,
    Yank,
    canonical,
    sha256,
)
from tinypack.registry.look_alikes import skeleton
from tinypack.registry.publishing.candidate import Candidate
from tinypack.registry.publishing.names import check_new_name
from tinypack.registry.publishing.record import read_object
from tinypack.registry.publishing.versions import check_version, is_there
from tinypack.registry.stores import MOST_BYTES, Edit, Reader
from tinypack.registry.trust.head import Head
from tinypack.registry.trust.keys import SigningKey
from tinypack.registry.trust.statements import check_index, check_new, sign

MOST_STATEMENT_BYTES = 1 << 20
MOST_ATTESTATIONS = 32  # of a version: anyone may add one
MOST_TITLES = 20  # in a message
HASH_PART = 8  # hex digits of a submission's hash in its name
#: What another run of the same command says otherwise: times and signatures.
PASSING = {"published", "made", "signatures"}
Body = TypeVar("Body", bound=Entry)


class Submission(Entry):
    """Statements about one package; `version` is "" where they are about its owners alone."""

    kind: Literal["submission"] = "submission"
    name: str
    version: str = ""
    owners: Signed[Owners] | None = None
    release: Signed[Release] | None = None
    attestations: list[Signed[Attested]] = Field(default_factory=list)
    yank: Signed[Yank] | None = None

    @property
    def title(self) -> str:
        """What a reader knows it by."""
        return f"{self.name} {self.version}".strip()

    @property
    def what(self) -> str:
        """What it is, in a word."""
        kinds = {"release": self.release, "yank": self.yank, "owners": self.owners}
        return next((kind for kind, value in kinds.items() if value), "attestation")

    @property
    def files(self) -> list[File]:
        """Files that the statements name."""
        archives: list[File] = [*self.release.body.archives] if self.release else []
        return [*archives, *(signed.body.file for signed in self.attestations)]

    @property
    def id(self) -> str:
        """Name it so that the same command gives the same name again."""
        plain = _lasting(self.model_dump(mode="json"))
        digest = sha256(repr(plain).encode())[:HASH_PART]
        return "-".join(part for part in (self.name, self.version, digest) if part)


@dataclass(frozen=True, eq=False)
class Change:
    """A submission with its files.

    candidate  what is published, if anything is
    files      path in the registry -> bytes
    """

    submission: Submission
    candidate: Candidate | None = None
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)


class Overlay:
    """A registry together with files that are yet to be written."""

    def __init__(self, reader: Reader) -> None:
        self.url, self._reader = reader.url, reader
        self.files: dict[str, bytes] = {}

    def chunks(self, path: str) -> Iterator[bytes]:
        yield from [self.files[path]] if path in self.files else self._reader.chunks(path)

    def read(self, path: str, most: int = MOST_BYTES) -> bytes:
        return self.files[path] if path in self.files else self._reader.read(path, most)


class Pending:
    """Indexes as they will be, while changes are added to them one by one."""

    def __init__(self, head: Head) -> None:
        self.head = head
        self.indexes: dict[str, PackageIndex] = {}
        self.tags: list[str] = []
        self.titles: list[str] = []
        self.reader = Overlay(head.reader)
        self._signed = True
        self._names: dict[str, str] = {}

    def index(self, name: str) -> PackageIndex | None:
        """Give a package's index, with what was added to it."""
        return self.indexes[name] if name in self.indexes else self.head.index(name)

    def add(self, change: Change) -> bool:
        """Add a change with all that must hold; False if all of it is there already.

        Raises: TinypackError with every problem; nothing is added then
        """
        said, before = change.submission, self.index(change.submission.name)
        if change.candidate is not None and is_there(change.candidate, before):
            return False
        problems = [] if before else check_new_name(said.name, self.head, self._names)
        if change.candidate is not None:
            problems += check_version(change.candidate, before, self.reader)
        if problems:
            raise TinypackError(problems)
        after = _added(said, before or PackageIndex(name=said.name))
        if after == before:
            return False
        if self._signed:
            self._check(said, before, after)
        self.indexes[said.name] = after
        self.reader.files.update(change.files)
        self._names[skeleton(said.name)] = said.name
        self.titles.append(f"{said.what} {said.title}")
        if said.release and not said.version.endswith(".lock"):  # Git keeps such names for itself
            self.tags.append(f"{said.name}/{said.version}")
        return True

    def unsigned(self) -> Pending:
        """Go on without keys: who may say what is not checked from now on."""
        self._signed = False
        return self

    def edit(self, online: SigningKey) -> Edit:
        """Give the registry's next state; one that changes nothing if nothing was added."""
        if not self.indexes:
            return Edit()
        message = "Publish " + ", ".join(self.titles[:MOST_TITLES])
        more = f" and {len(self.titles) - MOST_TITLES} more" if len(self.titles) > MOST_TITLES else ""
        return self.head.edit(self.indexes.values(), online, message + more, self.tags)

    def _check(self, said: Submission, before: PackageIndex | None, after: PackageIndex) -> None:
        head = self.head
        base = before or PackageIndex(name=said.name, owners=after.owners[:1])
        if before is not None and said.owners:
            check_new(said.owners, base, head.settings, head.current_root_keys)
            base = base.model_copy(update={"owners": after.owners})
        statements: list[Signed[Any] | None] = [said.release, said.yank]
        for signed in statements:
            if signed:
                check_new(signed, base, head.settings, head.current_root_keys)
        check_index(after, head.settings, head.root_keys, head.online_keys)


def signed(body: Body, key: SigningKey | None) -> Signed[Body]:
    """Sign a statement; without a key it stays a draft."""
    return sign(body, key) if key else Signed(body=body)


def parse_submission(data: bytes, where: str) -> Submission:
    """Read a statement that may be hostile.

    Raises: TinypackError (refused)
    """
    try:
        return Submission.model_validate(read_object(data, MOST_STATEMENT_BYTES, where))
    except (ValidationError, TinypackError, RecursionError) as error:
        found = str(error)[:300]
        raise TinypackError.one("refused", where, "a statement is as `tinypack publish` writes it", found) from None


def _added(said: Submission, index: PackageIndex) -> PackageIndex:
    """Give the index with the statements of a submission."""
    named = {said.name, *(each.body.name for each in (said.owners, said.release) if each)}
    if named != {index.name}:
        rule = "a submission is about one package"
        raise TinypackError.one("refused", said.title[:200], rule, ascii(sorted(named))[:200])
    owners, lines = list(index.owners), list(index.lines)
    if said.owners and said.owners.body not in [signed.body for signed in owners]:
        owners.append(said.owners)
    if said.release:
        lines.append(Line(release=said.release))
    bodies: list[Signed[Attested] | Signed[Yank]] = [*said.attestations, *([said.yank] if said.yank else [])]
    for each in bodies:
        place = next((i for i, line in enumerate(lines) if line.version == each.body.version), None)
        if place is None or each.body.name != index.name:
            rule = "what is said is of a version that is there"
            found = f"{each.body.name} {each.body.version}"[:200]
            raise TinypackError([Problem("refused", said.title[:200], rule, ascii(found))])
        lines[place] = _line(lines[place], each)
    return PackageIndex(name=index.name, owners=owners, lines=lines)


def _line(line: Line, said: Signed[Attested] | Signed[Yank]) -> Line:
    if isinstance(said.body, Yank):
        now = line.yank.body.yanked if line.yank else False
        return line.model_copy(update={"yank": said}) if said.body.yanked != now else line
    known = {signed.body.file.sha256 for signed in line.attestations}
    if said.body.file.sha256 in known:
        return line
    if len(known) >= MOST_ATTESTATIONS:
        rule = f"a version has up to {MOST_ATTESTATIONS} attestations"
        raise TinypackError.one("refused", f"{said.body.name} {said.body.version}", rule, "one more")
    return line.model_copy(update={"attestations": [*line.attestations, said]})


def _lasting(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _lasting(each) for key, each in sorted(value.items()) if key not in PASSING}
    return [_lasting(each) for each in value] if isinstance(value, list) else value


def same(first: BaseModel, second: BaseModel) -> bool:
    """Whether two statements say the same, in all that this tinypack knows of."""
    known = type(first).model_fields
    return all(_plain(getattr(first, key)) == _plain(getattr(second, key)) for key in known)


def _plain(value: Any) -> Any:
    if isinstance(value, Entry):
        return canonical(type(value).model_validate({key: getattr(value, key) for key in type(value).model_fields}))
    return [_plain(each) for each in value] if isinstance(value, list) else value
