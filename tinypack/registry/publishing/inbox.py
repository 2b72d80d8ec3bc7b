"""Where publishers without the online key hand in: `inbox/<id>/` of a registry, a branch `submissions/<id>` in Git.

Of folders and object stores, the inbox is opened by itself: who hands in needs no right to write anything else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tinypack.errors import Problem, TinypackError
from tinypack.registry.entries import canonical
from tinypack.registry.paths import INBOX
from tinypack.registry.publishing.submission import Change
from tinypack.registry.stores import Edit, NotThere, Reader, Store
from tinypack.registry.stores.opening import FILE, GIT, open_store

STATEMENT = "statement.json"
REFUSED = "refused.json"
MOST_FILES = 64  # of a submission
ID = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,198}[A-Za-z0-9])?", re.ASCII)
MOST_REFUSAL_BYTES = 1 << 20
SHOWN = ("where", "rule", "found", "hint")


@dataclass(frozen=True)
class Folder:
    """A submission's files as they lie there."""

    id: str
    filenames: tuple[str, ...]  # in order, REFUSED left out
    refused: bool

    def path(self, filename: str) -> str:
        return f"{INBOX}/{self.id}/{filename}"

    @property
    def paths(self) -> tuple[str, ...]:
        names = (*self.filenames, REFUSED) if self.refused else self.filenames
        return tuple(map(self.path, names))


def hand_in(url: str, change: Change) -> str:
    """Write a submission, its statement last; give its id. Doing so again writes it again."""
    store, place = _inbox(url)
    id = change.submission.id
    home = f"{place}{id}"
    files = {f"{home}/{path.rpartition('/')[2]}": data for path, data in change.files.items()}
    files[f"{home}/{STATEMENT}"] = canonical(change.submission) + b"\n"
    message = f"Hand in {change.submission.what} {change.submission.title}"

    def write(reader: Reader) -> Edit:
        drop = (f"{home}/{REFUSED}",) if is_there(reader, f"{home}/{REFUSED}") else ()
        return Edit(plain=files, drop=drop, message=message)

    store.update(write)
    return id


def list_inbox(store: Store) -> Iterator[Folder]:
    """List submissions that are complete, in order; what lies elsewhere in the inbox is passed over."""
    found: dict[str, list[str]] = {}
    for path in store.paths(INBOX):
        _, id, *inside = path.split("/")
        if inside:
            found.setdefault(id, []).append("/".join(inside))
    for id, names in sorted(found.items()):
        if STATEMENT in names and ID.fullmatch(id):
            yield Folder(id, tuple(name for name in sorted(names) if name != REFUSED), REFUSED in names)


def refusal(reader: Reader, id: str) -> tuple[Problem, ...]:
    """Say why a submission was refused."""
    try:
        found = json.loads(reader.read(f"{INBOX}/{id}/{REFUSED}", MOST_REFUSAL_BYTES))
        return tuple(Problem("refused", *(str(each[key]) for key in SHOWN)) for each in found["problems"])
    except (NotThere, TinypackError, ValueError, LookupError, TypeError, RecursionError):
        return ()


def is_there(reader: Reader, path: str) -> bool:
    """Whether there is a file."""
    try:
        next(iter(reader.chunks(path)), b"")
    except NotThere:
        return False
    return True


def _inbox(url: str) -> tuple[Store, str]:
    """Give the store to write to, and what paths begin with there."""
    if GIT.fullmatch(url) and not FILE.fullmatch(url):
        return open_store(url), f"{INBOX}/"
    return open_store(f"{url.rstrip('/')}/{INBOX}"), ""
