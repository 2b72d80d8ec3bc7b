"""Merges what publishers handed in: every byte of it is taken as hostile until all rules hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from tinypack.errors import Problem, TinypackError
from tinypack.registry.publishing.inbox import REFUSED, Folder, list_inbox, refusal
from tinypack.registry.publishing.judging import open_submission, read_statement
from tinypack.registry.publishing.pending import Pending
from tinypack.registry.publishing.submission import (
    Change,
)
from tinypack.registry.stores import Edit, Reader, Store
from tinypack.registry.trust.head import Head
from tinypack.registry.trust.keys import KeyFolder
from tinypack.registry.trust.manage import open_registry

MOST_AT_ONCE = 200  # submissions that are merged in one update; the rest waits for the next, as behind this:
MOST_TOTAL_BYTES = 512 << 20
Verdict = Literal["merged", "already there", "refused", "refused before", "not read"]
ROUNDS = 3
GONE = ("merged", "already there")  # their files are removed
DECIDED = (*GONE, "refused")
PASSING = {"busy", "unreachable"}  # codes of errors that are no fault of what was handed in


@dataclass
class Judged:
    """A submission, and what becomes of it."""

    folder: Folder
    verdict: Verdict = "merged"
    title: str = ""
    problems: tuple[Problem, ...] = ()
    change: Change | None = field(default=None, repr=False)

    def refuse(self, error: TinypackError) -> None:
        """Turn it away."""
        self.verdict, self.problems, self.change = "refused", error.problems, None

    def to_json(self) -> dict[str, Any]:
        """Give plain data for json.dumps."""
        problems = [
            {key: getattr(each, key) for key in ("code", "where", "rule", "found", "hint")} for each in self.problems
        ]
        return {"submission": self.folder.id, "title": self.title, "verdict": self.verdict, "problems": problems}


def merge(url: str, keys: KeyFolder, dry_run: bool = False) -> list[Judged]:
    """Check all submissions, and publish the good ones in one update.

    Refused ones stay, with the reasons in REFUSED beside them, until they are handed in again.
    Raises: TinypackError (missing-key; as Head.read)
    """
    store = open_registry(url)
    head = Head.read(store)
    online = None if dry_run else head.online_key(keys)
    found = list(_judge_all(store))
    _add_all(Pending(head), found)
    changes = {each.folder.id: each.change for each in found if each.change}
    if online is None or not any(each.verdict in DECIDED for each in found):
        return found
    store.add({path: data for change in changes.values() for path, data in change.files.items()})

    def edit(reader: Reader) -> Edit:
        for each in found:
            each.change = changes.get(each.folder.id)
        pending = Pending(Head.read(reader))
        _add_all(pending, found)
        refused = {each.folder.path(REFUSED): _report(each) for each in found if each.verdict == "refused"}
        done = [path for each in found if each.verdict in GONE for path in each.folder.paths]
        made = pending.edit(online)
        message = made.message or "Judge submissions"
        return replace(made, plain=refused, drop=(*made.drop, *done), message=message)

    store.update(edit)
    return found


def _judge_all(store: Store) -> Iterator[Judged]:
    room, left = MOST_TOTAL_BYTES, MOST_AT_ONCE
    for folder in list_inbox(store):
        judged = _judge(store, folder)
        yield judged
        if judged.change:
            room -= sum(map(len, judged.change.files.values()))
        left -= judged.verdict in DECIDED
        if room < 0 or not left:
            return


def _add_all(pending: Pending, found: list[Judged]) -> None:
    """Add what can be added; what another submission of the same run allows, such as a new owner's, comes after it."""
    waiting = {each.folder.id: (each, each.change) for each in found if each.change is not None}
    why: dict[str, TinypackError] = {}
    left = dict(waiting)
    for _ in range(ROUNDS):
        left = dict(waiting)
        for id, (each, change) in waiting.items():
            try:
                each.verdict = "merged" if pending.add(change) else "already there"
                del left[id]
            except TinypackError as error:
                if PASSING & {problem.code for problem in error.problems}:
                    raise
                why[id] = error
        if len(left) in (0, len(waiting)):
            break
        waiting = left
    for id, (each, _change) in left.items():
        each.refuse(why[id])


def _judge(reader: Reader, folder: Folder) -> Judged:
    """Check a submission by itself."""
    judged = Judged(folder, title=folder.id)
    if folder.refused:
        judged.verdict = "refused before"
        judged.problems = refusal(reader, folder.id)
        return judged
    try:
        statement = read_statement(reader, folder)
        judged.title = f"{statement.what} {statement.title}"[:200]
        judged.change = open_submission(reader, folder, statement)
    except TinypackError as error:
        judged.refuse(error)
        if PASSING & {problem.code for problem in error.problems}:
            judged.verdict = "not read"
    return judged


def _report(judged: Judged) -> bytes:
    return (json.dumps(judged.to_json(), indent=2) + "\n").encode()
