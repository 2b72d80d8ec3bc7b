"""A shallow clone of a registry's Git repository, without a work tree and, where the server can, without files unread.

It is a cache: whatever is wrong with it, it is made anew. A file lock keeps processes apart that share one.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout
from git import Git, GitCommandError

from tinypack.errors import TinypackError
from tinypack.registry.stores.blobs import CHUNK, busy
from tinypack.registry.stores.http import without_password

HEADS, OURS, MADE = "refs/heads/", "refs/remotes/origin/", "refs/tinypack/made"
SUBMISSIONS = "submissions/"
FIRST_BRANCH = "main"  # of an empty repository
MOST_AT_ONCE = 1 << 20  # bytes of a file that is read whole
ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_LFS_SKIP_SMUDGE": "1",
}
CONFIG = f"""
[core]
	hooksPath = {os.devnull}
[gc]
	autoDetach = false
[push]
	gpgSign = false
[http]
	lowSpeedLimit = 1000
	lowSpeedTime = 60
[extensions]
	partialClone = origin
[remote "origin"]
	promisor = true
	partialclonefilter = blob:none
"""


@dataclass(frozen=True)
class Base:
    """What a repository held at one moment.

    branch  the default one; it holds the registry
    heads   branch -> commit, of that one and of submissions
    """

    branch: str = FIRST_BRANCH
    heads: Mapping[str, str] = field(default_factory=dict)

    @property
    def commit(self) -> str:
        return self.heads.get(self.branch, "")


@dataclass(frozen=True)
class Blob:
    """A file of a commit."""

    path: str
    mode: str
    sha: str


def tree_entries(tree: bytes, hash_bytes: int) -> dict[str, tuple[str, str]]:
    """Read a folder as Git keeps it: name -> mode, hash."""
    found: dict[str, tuple[str, str]] = {}
    at = 0
    while at < len(tree):
        middle, end = tree.index(b" ", at), tree.index(b"\0", at)
        sha = tree[end + 1 : end + 1 + hash_bytes].hex()
        found[tree[middle + 1 : end].decode("utf-8", "replace")] = (tree[at:middle].decode(), sha)
        at = end + 1 + hash_bytes
    return found


class Clone:
    """Talks to the remote repository only in `refresh`, `push`, and for files that were never read."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url, self._shown, self.folder = url, without_password(url), folder
        self._git, self._outside = Git(str(folder)), Git(str(folder.parent))
        self._outside.update_environment(**ENVIRONMENT)
        objects = str(folder / "objects")
        self._git.update_environment(GIT_DIR=str(folder), GIT_OBJECT_DIRECTORY=objects, **ENVIRONMENT)
        self._branch = ""  # the default one, once the remote repository was asked
        self._asking = threading.Lock()
        self._lock = FileLock(folder.with_name(f"{folder.name}.lock"))

    @contextmanager
    def held(self, patience: float) -> Iterator[None]:
        """Keep other processes from the clone."""
        self.folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with self._lock.acquire(timeout=patience):
                yield
        except Timeout:
            raise busy(str(self.folder), patience) from None

    def refresh(self) -> Base:
        """See what the remote repository holds now."""
        if self._branch and self._made():
            try:
                return self._fetch()
            except GitCommandError:  # of whichever reason
                self._branch = ""
        with self._reached():
            self._branch, heads = self._remote_heads()
        try:
            if self._made():
                return self._fetch(heads)
        except GitCommandError:
            pass  # then something is wrong with the clone
        self.renew()
        with self._reached():
            return self._fetch(heads)

    def renew(self) -> None:
        """Make the clone anew, empty."""
        self._git.clear_cache()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True, mode=0o700)
        self._run("init", "--bare", "--quiet", "--template=")
        with (self.folder / "config").open("a", encoding="utf-8") as config:
            config.write(CONFIG)
        self._run("config", "remote.origin.url", self._url)
        (self.folder / "made").touch()

    def blobs(self, commit: str, paths: Iterable[str] = ()) -> Iterator[Blob]:
        """List files of a commit: those of some paths, or all."""
        options = [commit, "--", *paths] if paths else ["-r", commit]
        with self._reached():
            listed = self._run("ls-tree", "-z", "--full-tree", *options)
        for line in filter(None, listed.split("\0")):
            about, _, path = line.partition("\t")
            mode, _, sha = about.split(" ")
            yield Blob(path, mode, sha)

    def blob(self, commit: str, path: str) -> Blob | None:
        """Find a file of a commit: one Git process answers for all of them."""
        folder, _, name = path.rpartition("/")
        with self._asking:
            try:
                sha, kind, _ = self._git.get_object_header(f"{commit}:{folder}")
                tree = self._git.get_object_data(sha)[3] if "tree" in str(kind) else b""  # it may be bytes
            except ValueError:  # GitPython says so of what is not there
                return None
        found = tree_entries(tree, len(sha) // 2)
        return Blob(path, *found[name]) if name in found else None

    def chunks(self, blob: Blob) -> Iterator[bytes]:
        """Read a file; the remote repository is asked for it if nobody did before."""
        with self._asking:
            try:
                size = self._git.get_object_header(blob.sha)[2]
                data = self._git.get_object_data(blob.sha)[3] if size <= MOST_AT_ONCE else None
            except ValueError as error:
                self._git.clear_cache()
                rule = "Git must reach the registry's repository"
                raise TinypackError.one("unreachable", self._shown, rule, str(error)) from None
        if data is not None:
            yield data
            return
        with self._reached():
            process = self._git.execute(["git", "cat-file", "blob", blob.sha], as_process=True)
            while chunk := process.stdout.read(CHUNK):
                yield chunk
            process.wait()

    def commit(self, base: str, files: Mapping[str, bytes], drop: Iterable[str], message: str) -> str:
        """Make a commit upon another one, or upon nothing. Touches as little as changes."""
        text = message.encode()
        with tempfile.TemporaryFile() as stream:
            head = f"feature done\nreset {MADE}\n\ncommit {MADE}\ncommitter {self._committer()} now\n"
            stream.write(head.encode() + b"data %d\n%b\n" % (len(text), text))
            stream.write(f"from {base}\n".encode() if base else b"")
            for path in drop:
                stream.write(f"D {path}\n".encode())
            for path, data in files.items():
                stream.write(f"M 100644 inline {path}\n".encode() + b"data %d\n%b\n" % (len(data), data))
            stream.write(b"done\n")
            stream.seek(0)
            self._import(stream)
        return self._run("rev-parse", MADE)

    def _import(self, stream: BinaryIO) -> None:
        importing = ["git", "fast-import", "--quiet", "--force", "--date-format=now"]
        try:
            self._git.execute(importing, istream=stream)
        except GitCommandError:  # a writer that was killed may have left it locked
            (self.folder / f"{MADE}.lock").unlink(missing_ok=True)
            stream.seek(0)
            with self._reached():
                self._git.execute(importing, istream=stream)

    def push(self, base: Base, heads: Mapping[str, str], tags: Mapping[str, str]) -> str:
        """Set branches ("" removes one) and tags, all or none, if the branches are as they were.

        Gives what Git said if it did not.
        """
        leases = [f"--force-with-lease={HEADS}{name}:{base.heads.get(name, '')}" for name in heads]
        specs = [f"{commit}:{HEADS}{name}" for name, commit in heads.items()]
        specs += [f"{commit}:refs/tags/{name}" for name, commit in tags.items()]
        try:
            self._run("push", "--atomic", "--quiet", *leases, "origin", *specs)
        except GitCommandError as error:
            return self._said(error)
        return ""

    def _remote_heads(self) -> tuple[str, dict[str, str]]:
        branch, heads = FIRST_BRANCH, {}
        # Asked outside the clone, so that a failure is not the clone's.
        asked = ["git", "ls-remote", "--symref", "--", self._url, "HEAD", f"{HEADS}*"]
        for line in str(self._outside.execute(asked)).split("\n"):
            value, _, name = line.partition("\t")
            if value.startswith("ref: ") and name == "HEAD":
                branch = value.removeprefix(f"ref: {HEADS}")
            elif name.startswith(HEADS):
                heads[name.removeprefix(HEADS)] = value
        return branch, self._ours(heads, branch)

    def _made(self) -> bool:
        return (self.folder / "made").is_file()

    def _fetch(self, wanted: Mapping[str, str] | None = None) -> Base:
        """Fetch, unless what is wanted is there already."""
        if wanted is None or wanted != self._fetched():
            # With a pattern, for then a branch that is not there is no error, unless nothing is there at all.
            specs = [f"+{HEADS}{name}*:{OURS}{name}*" for name in (SUBMISSIONS, self._branch)]
            options = ("--depth=1", "--filter=blob:none", "--no-tags", "--prune", "--quiet")
            self._run("fetch", *options, "origin", *specs)
        return Base(self._branch, self._fetched())

    def _fetched(self) -> dict[str, str]:
        listed = self._run("for-each-ref", "--format=%(objectname) %(refname)", OURS).split("\n")
        heads = {line.partition(OURS)[2]: line.partition(" ")[0] for line in listed}
        return self._ours(heads, self._branch)

    def _ours(self, heads: Mapping[str, str], branch: str) -> dict[str, str]:
        return {name: sha for name, sha in heads.items() if name == branch or name.startswith(SUBMISSIONS)}

    def _committer(self) -> str:
        """Give who commits as Git has it, or tinypack where Git knows nobody."""
        try:
            return self._run("var", "GIT_COMMITTER_IDENT").rpartition(">")[0] + ">"
        except GitCommandError:
            return "tinypack <tinypack@localhost>"

    def _run(self, *arguments: str) -> str:
        return str(self._git.execute(["git", *arguments]))

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except GitCommandError as error:
            rule = "Git must reach the registry's repository"
            raise TinypackError.one("unreachable", self._shown, rule, self._said(error)) from None

    def _said(self, error: GitCommandError) -> str:
        said = str(error.stderr).strip().removeprefix("stderr: ").strip("'\n ")
        return said.replace(self._url, self._shown)
