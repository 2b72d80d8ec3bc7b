"""Changes that are added to a registry's indexes one by one, each with all that must hold."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from tinypack.errors import Problem, TinypackError
from tinypack.registry.entries import Attested, Signed, Yank, canonical
from tinypack.registry.look_alikes import skeleton
from tinypack.registry.package_index import MOST_INDEX_BYTES, Line, PackageIndex
from tinypack.registry.publishing.names import check_new_name
from tinypack.registry.publishing.submission import Change, Submission
from tinypack.registry.publishing.versions import check_version, is_there
from tinypack.registry.stores import MOST_BYTES, Edit, Reader
from tinypack.registry.trust.head import Head
from tinypack.registry.trust.keys import SigningKey
from tinypack.registry.trust.statements import check_index, check_new

MOST_ATTESTATIONS = 32  # of a version
MOST_ATTESTED_BYTES = 64 << 10  # of what an index says of one
#: Of those that are neither an owner's nor the registry's: of a version, and of a package.
MOST_STRANGERS, MOST_STRANGERS_BYTES = 16, 1 << 20
MOST_TITLES = 20  # in a message


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
        if not problems and not before and self.head.settings.mode == "public" and self.head.is_full(said.name):
            rule, hint = (
                "the part of the registry that holds a name has room",
                "choose another name, or tell the registry",
            )
            problems.append(Problem("refused", said.title[:200], rule, "it is full", hint))
        if not before and not said.release:
            problems.append(Problem("refused", said.title[:200], "a package starts with a version of it", said.what))
        if change.candidate is not None:
            problems += check_version(change.candidate, before, self.reader)
        if problems:
            raise TinypackError(problems)
        after = _added(said, before or PackageIndex(name=said.name))
        if after == before:
            return False
        problems += _too_much(said, after)
        if problems:
            raise TinypackError(problems)
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
        if said.owners:
            check_new(
                said.owners, base, head.settings, head.current_root_keys, head.current_online_keys, head.chain.registry
            )
            base = base.model_copy(update={"owners": after.owners})
        statements: list[Signed[Any] | None] = [said.release, said.yank, *said.attestations]
        for signed in statements:
            if signed:
                check_new(
                    signed, base, head.settings, head.current_root_keys, head.current_online_keys, head.chain.registry
                )
        check_index(after, head.settings, head.root_keys, head.online_keys, head.chain.registry)


def _too_much(said: Submission, after: PackageIndex) -> Iterator[Problem]:
    """An index has limits, which no stranger may use up."""
    size = len(after.to_bytes())
    if size > MOST_INDEX_BYTES:
        yield Problem("refused", said.title[:200], f"an index has up to {MOST_INDEX_BYTES} bytes", f"{size}")
    sizes = [len(canonical(each)) for each in said.attestations]
    if max(sizes, default=0) > MOST_ATTESTED_BYTES:
        rule = f"an attestation is summed up in {MOST_ATTESTED_BYTES} bytes"
        yield Problem("refused", said.title[:200], rule, f"{max(sizes)}")
    if any(each.body.key for each in said.attestations):
        strangers = [[each for each in line.attestations if each.body.key] for line in after.lines]
        total = sum(len(canonical(each)) for each in chain.from_iterable(strangers))
        if total > MOST_STRANGERS_BYTES or max(map(len, strangers)) > MOST_STRANGERS:
            rule = f"others attest a version {MOST_STRANGERS} times, and a package in {MOST_STRANGERS_BYTES} bytes"
            yield Problem("refused", said.title[:200], rule, "more")


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
            raise TinypackError.one("refused", said.title[:200], rule, ascii(found))
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
