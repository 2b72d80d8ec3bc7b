"""Pushes are refused, clones get damaged, repositories may be hostile."""

from __future__ import annotations

import itertools
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tinypack.errors import TinypackError
from tinypack.registry.paths import HEAD
from tinypack.registry.stores import Edit, NotThere, Reader
from tinypack.registry.stores import git as stores_git
from tinypack.registry.stores.clone import Clone
from tinypack.registry.stores.git import GitStore

Opened = Callable[[], GitStore]


@pytest.fixture
def remote(git_remote: str) -> Path:
    return Path(git_remote.removeprefix("git+file://"))


@pytest.fixture
def opened(git_remote: str, tmp_path: Path) -> Opened:
    clones = itertools.count()

    def opened() -> GitStore:
        return GitStore(git_remote, tmp_path / f"clone-{next(clones)}", patience=10)

    opened().update(lambda _: Edit(new={"archives/a.zip": b"zip"}, head=(HEAD, b"1"), message="Start"))
    return opened


def git(folder: Path, *arguments: str, given: str = "") -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], input=given, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def hook(remote: Path, text: str) -> None:
    place = remote / "hooks" / "pre-receive"
    place.parent.mkdir(exist_ok=True)
    place.write_text(f"#!/bin/sh\n{text}\n")
    place.chmod(0o755)


def test_commits_and_tags(opened: Opened, remote: Path) -> None:
    edit = Edit(plain={"index.html": b"page"}, head=(HEAD, b"2"), message="Publish kws 1.0.0", tags=("kws-1.0.0",))
    opened().update(lambda _: edit)
    assert git(remote, "log", "--format=%s", "main").splitlines() == ["Publish kws 1.0.0", "Start"]
    assert git(remote, "rev-parse", "kws-1.0.0") == git(remote, "rev-parse", "main")
    assert git(remote, "ls-tree", "-r", "--name-only", "main").splitlines() == ["archives/a.zip", "index.html", HEAD]
    git(remote, "fsck", "--strict")


def test_a_writer_that_came_first_is_seen(opened: Opened, remote: Path) -> None:
    slow, fast, seen = opened(), opened(), []

    def change(reader: Reader) -> Edit:
        seen.append(reader.read(HEAD))
        if len(seen) == 1:
            fast.update(lambda _: Edit(head=(HEAD, b"fast"), tags=("one",)))
        return Edit(head=(HEAD, seen[-1] + b" and slow"), tags=("two",))

    slow.update(change)
    assert seen == [b"1", b"fast"]
    assert fast.read(HEAD) == b"fast and slow"
    assert git(remote, "tag").splitlines() == ["one", "two"]


def test_a_submission_needs_no_right_to_the_registrys_branch(
    opened: Opened, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores_git, "MOST_FAILURES", 1)
    hook(remote, "while read _ _ name; do [ $name != refs/heads/main ] || exit 1; done")
    opened().update(lambda _: Edit(plain={"inbox/a-1/statement.json": b"{}"}, message="Submit a 1"))
    assert git(remote, "for-each-ref", "--format=%(refname:short)").splitlines() == ["main", "submissions/a-1"]
    with pytest.raises(TinypackError, match=r"(?s)unreachable.*declined"):
        opened().update(lambda _: Edit(head=(HEAD, b"2"), drop=("inbox/a-1/statement.json",)))
    assert opened().read("inbox/a-1/statement.json") == b"{}"  # all or none


def test_a_submission_that_changes_meanwhile_is_not_dropped(opened: Opened) -> None:
    opened().update(lambda _: Edit(plain={"inbox/a-1/statement.json": b"{}"}))
    merger, publisher, seen = opened(), opened(), []

    def merge(reader: Reader) -> Edit:
        seen.append(reader.read("inbox/a-1/statement.json"))
        if len(seen) == 1:
            publisher.update(lambda _: Edit(plain={"inbox/a-1/statement.json": b"new"}))
        return Edit(head=(HEAD, seen[-1]), drop=("inbox/a-1/statement.json",))

    merger.update(merge)
    assert seen == [b"{}", b"new"]
    assert opened().read(HEAD) == b"new"
    assert not list(opened().paths("inbox"))


def test_an_answer_that_is_lost(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    push, calls = Clone.push, []

    def lost(*arguments: object) -> str:
        calls.append(push(*arguments))  # type: ignore[arg-type]
        return "the connection broke"

    monkeypatch.setattr(Clone, "push", lost)
    opened().update(lambda _: Edit(head=(HEAD, b"2"), tags=("a-2",)))
    assert calls == [""]


@pytest.mark.parametrize(
    "damage", ["rm -rf objects/*", "echo x >packed-refs", "rm HEAD", "touch refs/tinypack/made.lock"]
)
def test_a_damaged_clone_is_made_anew(opened: Opened, tmp_path: Path, git_remote: str, damage: str) -> None:
    folder = tmp_path / "shared"
    GitStore(git_remote, folder).update(lambda _: Edit(head=(HEAD, b"2")))
    assert folder.stat().st_mode & 0o077 == 0  # its config may hold a password
    subprocess.run(damage, shell=True, cwd=folder, check=True)
    opened().update(lambda _: Edit(head=(HEAD, b"3")))
    store = GitStore(git_remote, folder, patience=10)
    assert store.read(HEAD) == b"3"
    store.update(lambda _: Edit(head=(HEAD, b"4")))
    assert opened().read(HEAD) == b"4"


def test_only_files_that_are_read_are_fetched(opened: Opened, remote: Path, tmp_path: Path, git_remote: str) -> None:
    git(remote, "config", "uploadpack.allowFilter", "true")
    store = GitStore(git_remote, tmp_path / "partial")
    assert store.read(HEAD) == b"1"
    listed = ["git", "rev-list", "--objects", "--all", "--missing=print"]
    missing = subprocess.run(listed, cwd=tmp_path / "partial", capture_output=True, text=True, check=True).stdout
    assert sum(line.startswith("?") for line in missing.splitlines()) == 1
    assert store.read("archives/a.zip") == b"zip"
    store.update(lambda _: Edit(head=(HEAD, b"2")))
    assert opened().read(HEAD) == b"2"


def test_links_are_refused(opened: Opened, remote: Path) -> None:
    blob = git(remote, "hash-object", "-w", "--stdin", given="/etc/passwd")
    tree = git(remote, "mktree", given=f"120000 blob {blob}\tlink\n")
    git(remote, "update-ref", "refs/heads/main", git(remote, "commit-tree", tree, "-m", "x"))
    with pytest.raises(TinypackError, match="a link"):
        opened_again = GitStore(f"git+file://{remote}", remote.parent / "again")
        opened_again.read("link")
    assert not list(opened_again.paths(""))
    with pytest.raises(NotThere):
        opened_again.read(HEAD)


def test_a_branchs_name_speaks_for_no_other(opened: Opened, remote: Path) -> None:
    """Git lets names hold what Python takes for the end of a line."""
    tree = git(remote, "mktree", given="")
    commit = git(remote, "commit-tree", "-m", "evil", tree)
    evil = "submissions/e/refs/remotes/origin/main"
    git(remote, "update-ref", f"refs/heads/{evil}", commit)
    git(remote, "update-ref", f"refs/heads/submissions/x\u2028origin/{evil}", commit)
    store = opened()
    assert store.read(HEAD) == b"1"
    assert store.read("archives/a.zip") == b"zip"


@pytest.mark.parametrize(
    "url",
    [
        "git+file:///nowhere/r.git",
        "git+ext::sh%20-c%20touch%20out.git",
        "ext::touch out.git",
        "--upload-pack=touch out;.git",
    ],
)
def test_what_is_no_repository(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TinypackError, match="unreachable"):
        GitStore(url, tmp_path / "clone").read(HEAD)
    assert not (tmp_path / "out").exists()


def test_no_password_is_shown(tmp_path: Path) -> None:
    store = GitStore("git+http://me:secret@127.0.0.1:1/r.git", tmp_path / "clone")
    with pytest.raises(TinypackError) as refused:
        store.read(HEAD)
    assert "secret" not in str(refused.value) + store.url
