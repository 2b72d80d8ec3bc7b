"""A registry in a Git repository: each update is a commit, pushed only upon what it was made from."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tinypack.errors import TinypackError
from tinypack.registry.paths import HEAD, INBOX
from tinypack.registry.stores import MOST_BYTES, Edit, NotThere, Reader
from tinypack.registry.stores.blobs import attempts, busy
from tinypack.registry.stores.http import without_password
from tinypack.registry.stores.paths import checked, read_whole

try:
    from tinypack.registry.stores.clone import SUBMISSIONS, Base, Clone
except ImportError as error:  # GitPython looks for Git when it is loaded
    raise TinypackError.one("missing-tool", "git", "Git must be on this machine", str(error)) from None

PATIENCE = 600.0  # seconds that a writer keeps trying
MOST_FAILURES = 4  # pushes in a row that fail though nobody else pushed
FILES = {"100644", "100755"}
LINK = "120000"


class GitView:
    """A repository at one moment.

    `inbox/<name>/` is the branch `submissions/<name>`, which a publisher may push who can't push to the registry's
    own; what lies in the folder of that name counts, too.
    """

    def __init__(self, clone: Clone, base: Base, url: str) -> None:
        self.url, self.base, self._clone = url, base, clone

    def chunks(self, path: str) -> Iterator[bytes]:
        branch, inside = self.where(path)
        commit = self.base.heads.get(branch, "")
        found = self._clone.blob(commit, inside) if commit else None
        if found and found.mode == LINK:
            raise TinypackError.one("bad-registry", f"{self.url}: {path}", "a registry holds plain files", "a link")
        if found is None or found.mode not in FILES:
            raise NotThere(path)
        yield from self._clone.chunks(found)

    def read(self, path: str, most: int = MOST_BYTES) -> bytes:
        return read_whole(self.chunks(path), path, most)

    def paths(self, prefix: str) -> Iterator[str]:
        below = f"{checked(prefix)}/" if prefix else ""
        roots = {branch: f"{INBOX}/{branch.removeprefix(SUBMISSIONS)}/" for branch in self.base.heads}
        roots[self.base.branch] = ""
        found = {
            root + blob.path
            for branch, root in roots.items()
            if branch in self.base.heads and (root.startswith(below) or below.startswith(root))
            for blob in self._clone.blobs(self.base.heads[branch])
            if blob.mode in FILES
        }
        yield from sorted(path for path in found if path.startswith(below) and not path.startswith("."))

    def where(self, path: str) -> tuple[str, str]:
        """Say in which branch a file lies, and where there."""
        first, _, rest = checked(path).partition("/")
        name, _, inside = rest.partition("/")
        if first == INBOX and inside and SUBMISSIONS + name in self.base.heads:
            return SUBMISSIONS + name, inside
        return self.base.branch, path


class GitStore:
    """Reading the head again looks for what is new; everything else is of the same moment as the head."""

    def __init__(self, url: str, folder: Path | None = None, patience: float = PATIENCE) -> None:
        self.url, self.patience = without_password(url), patience
        remote = url.removeprefix("git+")
        self._clone = Clone(remote, folder or _cache_folder(remote))
        self._added: dict[str, bytes] = {}  # until the next update
        self._view: GitView | None = None
        self._head_read = False  # of the view

    def chunks(self, path: str) -> Iterator[bytes]:
        if path in self._added:
            yield self._added[path]
        else:
            again = path == HEAD and self._head_read
            view = self._seen(again)
            self._head_read = self._head_read or path == HEAD
            yield from view.chunks(path)

    def read(self, path: str, most: int = MOST_BYTES) -> bytes:
        return read_whole(self.chunks(path), path, most)

    def paths(self, prefix: str) -> Iterator[str]:
        return self._seen(True).paths(prefix)

    def add(self, files: Mapping[str, bytes]) -> None:
        self._added.update({checked(path): data for path, data in files.items()})

    def update(self, change: Callable[[Reader], Edit]) -> Edit:
        said, failures, before = "", 0, Base()
        edit, heads = Edit(), dict[str, str]()
        with self._clone.held(self.patience):
            for _ in attempts(self.patience):
                view = self._look()
                if heads and {name: view.base.heads.get(name, "") for name in heads} == heads:
                    break  # it was taken, though the answer was lost
                failures = failures + 1 if said and view.base == before else 0
                if failures > MOST_FAILURES:
                    rule = "the repository must take a push to its default branch"
                    raise TinypackError.one("unreachable", self.url, rule, said)
                edit, before = change(view), view.base
                for path in edit.paths():
                    checked(path)
                heads = self._commit(view, edit)
                said = self._push(view, heads, edit.tags)
                if not said:
                    break
            else:
                raise busy(self.url, self.patience)
        self._added.clear()
        self._view = None  # it is over
        return edit

    def _commit(self, view: GitView, edit: Edit) -> dict[str, str]:
        """Make an edit's commits, of the branches that it touches; "" is for one that goes."""
        files = {**self._added, **edit.new, **edit.plain, **dict([edit.head] if edit.head else [])}
        self._refuse_changes(view, {**self._added, **edit.new})
        heads: dict[str, str] = {}
        for branch, (written, dropped) in _by_branch(view, files, edit.drop).items():
            commit = view.base.heads.get(branch, "")
            if branch != view.base.branch and not written and self._empties(commit, dropped):
                heads[branch] = ""
            else:
                heads[branch] = self._clone.commit(commit, written, dropped, edit.message or "Change the registry")
        return heads

    def _push(self, view: GitView, heads: Mapping[str, str], tags: tuple[str, ...]) -> str:
        """Push commits together; give what Git said if it refused."""
        commit = heads.get(view.base.branch, "")
        return self._clone.push(view.base, heads, dict.fromkeys(tags if commit else (), commit)) if heads else ""

    def _empties(self, commit: str, dropped: list[str]) -> bool:
        return {blob.path for blob in self._clone.blobs(commit)} <= set(dropped)

    def _refuse_changes(self, view: GitView, new: Mapping[str, bytes]) -> None:
        if not view.base.commit or not new:
            return
        for blob in self._clone.blobs(view.base.commit, new):
            data = new.get(blob.path)
            if data is not None and blob.sha != _blob_hash(data, len(blob.sha)):
                rule = "a file that is there already is never changed"
                raise TinypackError.one("bad-registry", f"{self.url}: {blob.path}", rule, "other bytes")

    def _seen(self, fresh: bool) -> GitView:
        if fresh or self._view is None:
            with self._clone.held(self.patience):
                return self._look()
        return self._view

    def _look(self) -> GitView:
        self._view = GitView(self._clone, self._clone.refresh(), self.url)
        self._head_read = False
        return self._view


def _by_branch(
    view: GitView, files: Mapping[str, bytes], drop: tuple[str, ...]
) -> dict[str, tuple[dict[str, bytes], list[str]]]:
    """Sort what changes by the branch that it lies in; a new folder of the inbox becomes a branch."""
    sorted_: dict[str, tuple[dict[str, bytes], list[str]]] = {}
    for path, data in files.items():
        branch, inside = view.where(path)
        first, _, rest = path.partition("/")
        name, _, within = rest.partition("/")
        if first == INBOX and within:
            branch, inside = SUBMISSIONS + name, within
        sorted_.setdefault(branch, ({}, []))[0][inside] = data
    for path in drop:
        branch, inside = view.where(path)
        sorted_.setdefault(branch, ({}, []))[1].append(inside)
    return sorted_


def _blob_hash(data: bytes, digits: int) -> str:
    """Name bytes as Git does, in a repository of hashes that long."""
    return hashlib.new("sha1" if digits == 40 else "sha256", b"blob %d\0%b" % (len(data), data)).hexdigest()


def _cache_folder(url: str) -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "tinypack" / "git" / hashlib.sha256(url.encode()).hexdigest()[:16]
