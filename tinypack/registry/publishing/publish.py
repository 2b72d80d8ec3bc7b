"""Publishes packages: directly by who holds the registry's online key, else handed in for the next merge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from tinypack.errors import TinypackError, without_secrets
from tinypack.pack import Progress
from tinypack.registry.entries import Attested, Release, Signed
from tinypack.registry.package_index import PackageIndex
from tinypack.registry.publishing.admission import check_attestation, check_candidate, is_about
from tinypack.registry.publishing.attest import board_results, make_attested
from tinypack.registry.publishing.candidate import Candidate, read_candidates
from tinypack.registry.publishing.inbox import hand_in
from tinypack.registry.publishing.pending import Pending
from tinypack.registry.publishing.release import make_release, timestamp
from tinypack.registry.publishing.signing import online_key, publisher_key
from tinypack.registry.publishing.submission import Change, Submission, signed
from tinypack.registry.publishing.versions import is_there, step
from tinypack.registry.stores import Edit, Reader, Store
from tinypack.registry.stores.opening import split_pin
from tinypack.registry.trust.head import Head
from tinypack.registry.trust.keys import KeyFolder, SigningKey
from tinypack.registry.trust.manage import open_registry
from tinypack.registry.trust.statements import change_owners

Outcome = Literal["published", "handed in", "already there", "checked"]


@dataclass(frozen=True, eq=False)
class Item:
    """A version that is to be published, or is there already."""

    candidate: Candidate
    step: str
    unverified: bool
    there: bool
    change: Change | None = field(default=None, repr=False)

    @property
    def verified(self) -> list[str]:
        """Boards on which it ran and was right."""
        attestation = self.candidate.attestation
        if attestation is None or not is_about(self.candidate):
            return []
        return [each.board for each in board_results(attestation.results) if each.status == "verified"]


@dataclass(frozen=True, eq=False)
class Plan:
    """Everything is checked and signed, and nothing written.

    online  the key that publishes; None if the packages are handed in, or in a rehearsal without keys
    notes   what a user must know of it
    """

    url: str
    mode: str
    items: tuple[Item, ...]
    online: SigningKey | None
    notes: tuple[str, ...] = ()
    store: Store = field(repr=False, kw_only=True)

    @property
    def new(self) -> list[Item]:
        return [item for item in self.items if not item.there]

    @property
    def changes(self) -> list[Change]:
        return [item.change for item in self.new if item.change]


@dataclass(frozen=True, eq=False)
class Published:
    """What came of it.

    ids     of submissions that were handed in
    """

    plan: Plan
    outcome: Outcome
    ids: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Give plain data for json.dumps."""
        return {
            "registry": without_secrets(self.plan.url),
            "mode": self.plan.mode,
            "outcome": self.outcome,
            "submissions": list(self.ids),
            "notes": list(self.plan.notes),
            "packages": [
                {
                    "name": item.candidate.name,
                    "version": item.candidate.version,
                    "step": item.step,
                    "there": item.there,
                    "unverified": item.unverified,
                    "boards": item.verified,
                    "files": {part.filename: len(part.data) for part in item.candidate.parts},
                }
                for item in self.plan.items
            ],
        }


def publish(
    path: Path,
    registry_url: str,
    keys: KeyFolder,
    key_name: str = "",
    unverified: bool = False,
    dry_run: bool = False,
    include_source: bool = False,
    progress: Progress | None = None,
) -> Published:
    """Publish a project, or all packages of a folder that a build wrote; oldest versions first, in one change.

    include_source  publish the project, too, so that anyone can repeat the verification
    Raises: TinypackError with every problem; nothing is published then
    """
    candidates = read_candidates(path, progress, include_source)
    plan = plan_publish(candidates, registry_url, keys, key_name, unverified, dry_run)
    return Published(plan, "checked") if dry_run else carry_out(plan)


def publish_candidates(
    candidates: Sequence[Candidate], registry_url: str, keys: KeyFolder, key_name: str = "", unverified: bool = False
) -> Published:
    """Publish packages that are read already, as `publish` does."""
    return carry_out(plan_publish(candidates, registry_url, keys, key_name, unverified))


def plan_publish(
    candidates: Sequence[Candidate],
    registry_url: str,
    keys: KeyFolder,
    key_name: str = "",
    unverified: bool = False,
    rehearsal: bool = False,
) -> Plan:
    """Check packages against all rules, and sign what is said of them.

    unverified  let in what no attestation says to be right; it is marked so
    rehearsal   keys may lack: then nothing is signed, and who may publish is not checked
    Raises: TinypackError with every problem
    """
    url, _ = split_pin(registry_url)
    problems = [problem for each in candidates for problem in check_candidate(each, unverified)]
    if problems:
        raise TinypackError(problems)
    store = open_registry(registry_url)
    head = Head.read(store)
    online, notes = online_key(head, keys), []
    pending = Pending(head)
    items: list[Item] = []
    for each in candidates:
        try:
            key = publisher_key(head, keys, pending.index(each.name), key_name)
        except TinypackError as error:
            if not rehearsal or {problem.code for problem in error.problems} != {"missing-key"}:
                raise
            key, pending = None, pending.unsigned()
            notes.append(f"{each.name}: no key at hand, so that nobody checked whether it may sign")
        try:
            items.append(_item(each, pending, key))
        except TinypackError as error:
            problems += error.problems
    if problems:
        raise TinypackError(problems)
    return Plan(url, head.settings.mode, tuple(items), online, tuple(dict.fromkeys(notes)), store=store)


def carry_out(plan: Plan) -> Published:
    """Publish what is planned: files first, then the index that names them, at once; or hand it in.

    Raises: TinypackError (busy, unreachable; what another publisher's change now forbids), with nothing published
    """
    if not plan.new:
        return Published(plan, "already there")
    if plan.online is None:
        return Published(plan, "handed in", tuple(hand_in(plan.url, change) for change in plan.changes))
    apply(plan.store, plan.changes, plan.online)
    return Published(plan, "published")


def apply(store: Store, changes: Iterable[Change], online: SigningKey) -> Edit:
    """Add changes to a registry in one update.

    Raises: TinypackError with all that keeps one of them out; none is added then
    """
    wanted = list(changes)
    store.add({path: data for change in wanted for path, data in change.files.items()})

    def edit(reader: Reader) -> Edit:
        pending = Pending(Head.read(reader))
        for change in wanted:
            pending.add(change)
        return pending.edit(online)

    return store.update(edit)


def _item(candidate: Candidate, pending: Pending, key: SigningKey | None) -> Item:
    """Check a candidate against the registry, and add it to what is pending."""
    index = pending.index(candidate.name)
    unverified = bool(check_attestation(candidate))
    if is_there(candidate, index):
        return Item(candidate, "", unverified, True)
    found = step(candidate, index, pending.reader)
    change = make_change(
        candidate, index, unverified, key, pending.head.chain.registry, pending.head.settings.mode == "public"
    )
    pending.add(change)
    return Item(candidate, found, unverified, False, change)


def make_change(
    candidate: Candidate,
    index: PackageIndex | None,
    unverified: bool,
    key: SigningKey | None,
    registry: str,
    owned: bool,
) -> Change:
    """Sign what is said of a package that is published.

    registry  that it is for, by its first root
    owned     whether names belong to keys: the first publish says whose it is
    """
    now = timestamp()
    release: Signed[Release] = signed(make_release(candidate, now, unverified, registry), key)
    files = {archive.path: part.data for archive, part in zip(release.body.archives, candidate.parts, strict=True)}
    attestations: list[Signed[Attested]] = []
    if candidate.attestation is not None and is_about(candidate):
        by = candidate.record.authors[0]
        attested = make_attested(candidate.attestation, candidate.attestation_file, now, by)
        attestations.append(signed(attested, key))
        files[attested.file.path] = candidate.attestation_file
    owners = None
    if owned and index is None and key is not None:
        first = PackageIndex(name=candidate.name)
        owners = signed(change_owners(first, {key.keyid: key.public}, now, registry), key)
    submission = Submission(
        name=candidate.name, version=candidate.version, owners=owners, release=release, attestations=attestations
    )
    return Change(submission, candidate, files)
