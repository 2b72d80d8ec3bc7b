"""Git repositories whose commits depend on the registry alone: the same versions give the same ids everywhere.

Nothing of the user's Git settings counts, and no clock. A version that is there stays as it is; others are added.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from tinypack.errors import TinypackError
from tinypack.formats.facts import author
from tinypack.registry.entries import Archive, Release
from tinypack.registry.exports.choice import rank
from tinypack.registry.exports.files import described, package_files
from tinypack.registry.exports.protocol import Source

if TYPE_CHECKING:
    from git import Repo

BRANCH = "main"
#: Nothing of the user's own settings, hooks and templates, no question asked, and no log of who exported when.
ALONE = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_COUNT": "3",
    "GIT_CONFIG_KEY_0": "core.logAllRefUpdates",
    "GIT_CONFIG_VALUE_0": "false",
    "GIT_CONFIG_KEY_1": "core.hooksPath",
    "GIT_CONFIG_VALUE_1": os.devnull,
    "GIT_CONFIG_KEY_2": "core.fsmonitor",
    "GIT_CONFIG_VALUE_2": "false",
    "GIT_DEFAULT_HASH": "sha1",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
#: Settings that a repository may have of its own, as where it is pushed to: others, such as filters, run programs.
SETTING = re.compile(
    r"core\.(repositoryformatversion|filemode|bare|logallrefupdates|ignorecase|precomposeunicode|symlinks)"
    r"|extensions\.objectformat|(branch|remote|user)\..*"
)


@dataclass(frozen=True)
class Layout:
    """What a kind of repository is like.

    tag      what precedes the version in a tag
    chained  True: a version's parent is the one published before; False: a version stands alone, so that its id
             is that of the release, whatever else is in the repository, and the branch is the newest
    bare     True: for servers, plain web servers among them; False: with a work tree
    """

    tag: str
    chained: bool
    bare: bool


@dataclass(frozen=True)
class Snapshot:
    """A version as a commit has it."""

    release: Release
    files: Mapping[str, bytes]

    @classmethod
    def of(cls, source: Source, release: Release, archive: Archive) -> Snapshot:
        return cls(release, package_files(source, archive))


def fill(folder: Path, old: Path, snapshots: Sequence[Snapshot], layout: Layout) -> dict[str, str]:
    """Make a repository in an empty folder of what an old one holds, if it is there, and the versions that it lacks.

    Gives version -> id of its commit.
    Raises: TinypackError (io, missing-tool) if the old one holds anything else than what the registry has
    """
    with _git(folder), _copy(folder, old, layout) if _holds(old) else _init(folder, layout.bare) as repo:
        known = {tag.name for tag in repo.tags}
        there = [each for each in snapshots if layout.tag + each.release.version in known]
        _check(repo, old, there, layout)
        fresh = [each for each in snapshots if each not in there]
        _import(repo, fresh, layout, _id(repo, f"refs/heads/{BRANCH}") if known and layout.chained else "")
        ids = {each.release.version: _id(repo, _ref(each, layout, "commit")) for each in snapshots}
        if not layout.chained:
            repo.git.update_ref(f"refs/heads/{BRANCH}", ids[max(ids, key=rank)])
        if layout.bare:
            repo.git.update_server_info()
        elif fresh:
            repo.git.reset("--hard", BRANCH)
        return ids


def commit_ids(snapshots: Sequence[Snapshot], layout: Layout) -> dict[str, str]:
    """Say which ids `fill` gives."""
    with tempfile.TemporaryDirectory(prefix="tinypack-") as name:
        return fill(Path(name) / "new", Path(name) / "none", snapshots, layout)


@contextmanager
def _git(folder: Path) -> Iterator[None]:
    """Say what Git finds wrong."""
    try:
        from git.exc import GitError
    except ImportError as error:  # GitPython looks for the program when it is imported
        rule = "the program must be on the PATH"
        raise TinypackError.one(
            "missing-tool", "git", rule, str(error).splitlines()[0], "apt-get install git"
        ) from None
    try:
        yield
    except (GitError, ValueError) as error:
        found = str(getattr(error, "stderr", "") or error).strip()[-300:]
        raise TinypackError.one("io", str(folder), "Git must be able to write the repository", found) from None


def _init(folder: Path, bare: bool) -> Repo:
    from git import Repo

    folder.mkdir(exist_ok=True)
    repo = Repo.init(
        folder, bare=bare, template="", allow_unsafe_options=True, initial_branch=BRANCH, env=_own(folder, bare)
    )
    repo.git.update_environment(**_own(folder, bare))
    return repo


def _copy(folder: Path, old: Path, layout: Layout) -> Repo:
    """Copy a repository that an export made before; anything else is the user's own and stays.

    Raises: TinypackError (io)
    """
    from git import Repo
    from git.exc import InvalidGitRepositoryError

    hint = "choose another folder, or move away what is there"
    try:
        with Repo(old) as repo:
            repo.git.update_environment(**_own(old, layout.bare))
            odd = [name for name in _settings(repo) if not SETTING.fullmatch(name)]
            if odd:
                rule = "a repository that an export made has settings of Git's, and of where it is pushed to"
                raise TinypackError.one("io", str(old), rule, ascii(", ".join(odd))[1:-1][:200], hint)
            if repo.bare != layout.bare or (not layout.bare and not _untouched(repo)):
                rule = f"a repository must be as the last export left it: on {BRANCH}, without changes"
                raise TinypackError.one("io", str(old), rule, "something else", hint)
    except InvalidGitRepositoryError:
        raise TinypackError.one("io", str(old), "what is replaced must be a repository", "none", hint) from None
    shutil.copytree(old, folder, symlinks=True, dirs_exist_ok=True)
    copied = Repo(folder)
    copied.git.update_environment(**_own(folder, layout.bare))
    return copied


def _settings(repo: Repo) -> list[str]:
    """List the names of a repository's own settings; nothing that they name is looked at."""
    path = str(Path(repo.git_dir, "config"))
    listed = repo.git.config("--file", path, "--no-includes", "--list", "--name-only")
    return [name.lower() for name in listed.split("\n") if name]


def _untouched(repo: Repo) -> bool:
    on_branch = not repo.head.is_detached and repo.active_branch.name == BRANCH
    return on_branch and not repo.is_dirty(untracked_files=True)


def _own(folder: Path, bare: bool) -> dict[str, str]:
    """Name the repository to Git, whatever the user's environment names."""
    whole = folder.absolute()
    home = whole if bare else whole / ".git"
    place = {"GIT_DIR": str(home), "GIT_INDEX_FILE": str(home / "index"), "GIT_OBJECT_DIRECTORY": str(home / "objects")}
    return {**ALONE, **place, **({} if bare else {"GIT_WORK_TREE": str(whole)})}


def _check(repo: Repo, old: Path, there: Sequence[Snapshot], layout: Layout) -> None:
    """Refuse a repository whose versions differ from the registry's: neither is ever changed.

    Raises: TinypackError (io)
    """
    if not there:
        return
    with tempfile.TemporaryDirectory(prefix="tinypack-") as name, _init(Path(name), bare=True) as right:
        _import(right, there, layout, "")
        kind = "tree" if layout.chained else "commit"
        refs = {each.release.version: _ref(each, layout, kind) for each in there}
        wrong = [version for version, ref in refs.items() if _id(repo, ref) != _id(right, ref)]
    if wrong:
        rule = "a version in a repository holds the same files as in the registry"
        raise TinypackError.one("io", str(old), rule, f"others in {', '.join(wrong)}", "export into another folder")


def _holds(folder: Path) -> bool:
    return folder.exists() and not (folder.is_dir() and not any(folder.iterdir()))


def _ref(snapshot: Snapshot, layout: Layout, kind: str) -> str:
    return f"refs/tags/{layout.tag}{snapshot.release.version}^{{{kind}}}"


def _id(repo: Repo, ref: str) -> str:
    return str(repo.git.rev_parse("--verify", ref))


def _import(repo: Repo, snapshots: Sequence[Snapshot], layout: Layout, parent: str) -> None:
    """Add versions in one go."""
    if not snapshots:
        return
    with tempfile.TemporaryFile() as stream:
        stream.writelines(_stream(snapshots, layout, parent))
        stream.seek(0)
        repo.git.fast_import("--quiet", "--force", "--date-format=raw", istream=stream)


def _stream(snapshots: Sequence[Snapshot], layout: Layout, parent: str) -> Iterator[bytes]:
    for mark, each in enumerate(snapshots, 1):
        release = each.release
        person = _person(release)
        title = f"{release.name} {release.version}\n\n{described(release)}\n"
        if not layout.chained:
            yield f"reset refs/heads/{BRANCH}\n\n".encode()
        yield f"commit refs/heads/{BRANCH}\nmark :{mark}\n".encode()
        yield f"author {person}\ncommitter {person}\n".encode() + _data(title.encode())
        if layout.chained and parent:
            yield f"from {parent}\n".encode()
        parent = f":{mark}"
        yield b"deleteall\n"
        for path, data in sorted(each.files.items()):
            yield f"M 100644 inline {path}\n".encode() + _data(data)
        yield f"tag {layout.tag}{release.version}\nfrom :{mark}\ntagger {person}\n".encode() + _data(title.encode())


def _data(data: bytes) -> bytes:
    return b"data %d\n%s\n" % (len(data), data)


def _person(release: Release) -> str:
    """Name who published, and when."""
    first = author(release.authors[0] if release.authors else "unknown")
    name, mail = (
        "".join(c for c in text if c.isprintable() and c not in "<>").strip() for text in (first.name, first.email)
    )
    try:
        moment = datetime.fromisoformat(release.published.replace("Z", "+00:00"))
        seconds = max(0, int(moment.astimezone(timezone.utc).timestamp()))
    except (ValueError, OverflowError):
        rule = "a release must say when it was published, such as 2026-11-24T19:00:00Z"
        raise TinypackError.one("bad-registry", f"{release.name} {release.version}", rule, release.published) from None
    return f"{name or 'unknown'} <{mail}> {seconds} +0000"
