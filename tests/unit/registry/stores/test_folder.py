"""A folder may hold what no registry does, and writers die in it."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from tinypack.errors import TinypackError
from tinypack.registry.paths import HEAD
from tinypack.registry.stores import Edit, NotThere
from tinypack.registry.stores.folder import FRESH, LOCK, FolderStore


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    store = FolderStore(tmp_path / "registry")
    store.update(lambda _: Edit(new={"metadata/1.root.json": b"root"}, head=(HEAD, b"1")))
    return store


def link_folder(root: Path, outside: Path) -> None:
    (root / "archives").symlink_to(outside)


def link_file(root: Path, outside: Path) -> None:
    (root / "archives").mkdir()
    (root / "archives" / "secret").symlink_to(outside / "secret")


def pipe(root: Path, _: Path) -> None:
    (root / "archives").mkdir()
    os.mkfifo(root / "archives" / "secret")


@pytest.mark.parametrize("attack", [link_folder, link_file, pipe])
def test_links_and_pipes_are_refused(store: FolderStore, tmp_path: Path, attack: Callable[[Path, Path], None]) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_bytes(b"secret")
    attack(store.root, outside)
    path = "archives/secret"
    edits = [Edit(new={path: b"x"}), Edit(plain={path: b"x"}), Edit(head=(path, b"x")), Edit(drop=(path,))]
    for edit in edits:
        with pytest.raises(TinypackError, match="plain files and folders"):
            store.update(lambda _, edit=edit: edit)  # type: ignore[misc]
    with pytest.raises(TinypackError, match="plain files and folders"):
        store.read(path)
    with pytest.raises(TinypackError, match="plain files and folders"):
        store.add({path: b"x"})
    assert (outside / "secret").read_bytes() == b"secret"
    assert [place.name for place in outside.iterdir()] == ["secret"]


@pytest.mark.parametrize("name", [LOCK, FRESH])
def test_its_own_files_are_no_links(tmp_path: Path, name: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "registry").mkdir()
    (tmp_path / "registry" / name).symlink_to(outside)
    with pytest.raises(TinypackError, match="plain files and folders"):
        FolderStore(tmp_path / "registry").update(lambda _: Edit(head=(HEAD, b"1")))
    assert not list(outside.iterdir())


def test_a_writer_waits_and_gives_up(store: FolderStore) -> None:
    with FileLock(store.root / LOCK), pytest.raises(TinypackError, match=r"busy.*\n.*one writer at a time"):
        FolderStore(store.root, patience=0.05).update(lambda _: Edit(head=(HEAD, b"2")))
    assert store.read(HEAD) == b"1"


def test_leftovers_of_killed_writers_go(store: FolderStore) -> None:
    (store.root / FRESH).mkdir(exist_ok=True)
    (store.root / FRESH / "half").write_bytes(b"ha")
    store.update(lambda _: Edit(head=(HEAD, b"2")))
    assert not (store.root / FRESH).exists()


def test_a_file_system_without_links(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", link)
    store.update(lambda _: Edit(new={"metadata/2.root.json": b"root"}, head=(HEAD, b"2")))
    assert store.read("metadata/2.root.json") == b"root"
    with pytest.raises(TinypackError, match="never changed"):
        store.update(lambda _: Edit(new={"metadata/2.root.json": b"other"}, head=(HEAD, b"3")))
    assert store.read("metadata/2.root.json") == b"root"


def test_what_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    store = FolderStore(tmp_path / "file" / "registry")
    with pytest.raises(NotThere):
        store.read(HEAD)
    with pytest.raises(TinypackError, match="unreachable"):
        store.update(lambda _: Edit(head=(HEAD, b"1")))


def test_empty_folders_go(store: FolderStore) -> None:
    store.update(lambda _: Edit(plain={"inbox/a-1/statement.json": b"{}"}))
    store.update(lambda _: Edit(drop=("inbox/a-1/statement.json",)))
    assert not (store.root / "inbox").exists()
    assert store.root.is_dir()
