"""What a URL means."""

from __future__ import annotations

from pathlib import Path

import pytest

from tinypack.errors import TinypackError
from tinypack.registry.stores.folder import FolderStore
from tinypack.registry.stores.git import GitStore
from tinypack.registry.stores.http import HttpReader, without_password
from tinypack.registry.stores.objects import ObjectStore
from tinypack.registry.stores.opening import open_reader, open_store, split_pin

PIN = "0123456789abcdef" * 4
KINDS = [
    ("registry", FolderStore),
    ("/srv/registry", FolderStore),
    ("~/registry", FolderStore),
    ("file:///srv/my%20registry", FolderStore),
    (r"C:\registry", FolderStore),
    ("memory://registry", ObjectStore),
    ("git+https://registry.invalid/r", GitStore),
    ("git+file:///srv/registry", GitStore),
    ("https://registry.invalid/r.git", GitStore),
    ("ssh://git@registry.invalid/r", GitStore),
    ("git@registry.invalid:r", GitStore),
    ("/srv/r.git", GitStore),
    ("http://registry.invalid/r", HttpReader),
    ("https://registry.invalid/r/", HttpReader),
]


@pytest.mark.parametrize(("url", "kind"), KINDS)
def test_kinds(url: str, kind: type) -> None:
    assert type(open_reader(url)) is kind
    if kind is HttpReader:
        with pytest.raises(TinypackError, match="only lets a registry be read"):
            open_store(url)
    else:
        assert type(open_store(url)) is kind


def test_folders() -> None:
    for url, root in (("registry", Path.cwd() / "registry"), ("file:///srv/my%20registry", Path("/srv/my registry"))):
        store = open_store(url)
        assert isinstance(store, FolderStore)
        assert (store.root, store.url) == (root, url)


@pytest.mark.parametrize("url", ["nonsense://registry", "mailto:registry", ""])
def test_what_is_no_registry(url: str) -> None:
    with pytest.raises(TinypackError, match="unreachable"):
        open_store(url)


def test_a_store_that_keeps_no_writers_apart_is_only_read(tmp_path: Path) -> None:
    (tmp_path / "metadata").mkdir()
    (tmp_path / "metadata" / "timestamp.json").write_bytes(b"1")
    store = open_store(f"local://{tmp_path}")
    assert list(store.paths("")) == list(store.paths("metadata")) == ["metadata/timestamp.json"]
    assert store.read("metadata/timestamp.json") == b"1"
    for write in (lambda: store.add({"a": b""}), lambda: store.update(lambda _: pytest.fail("asked for a change"))):
        with pytest.raises(TinypackError, match="create files exclusively"):
            write()


@pytest.mark.parametrize("url", ["/srv/registry", "https://registry.invalid/r"])
def test_pins(url: str) -> None:
    assert split_pin(url) == (url, "")
    assert split_pin(f"{url}#sha256={PIN.upper()}") == (url, PIN)
    for fragment in ("", "sha256=", f"sha512={PIN}", f"sha256={PIN}0", PIN):
        with pytest.raises(TinypackError, match="64 hex digits"):
            split_pin(f"{url}#{fragment}")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://token@registry.invalid/r", "https://registry.invalid/r"),
        ("git+https://me:secret@registry.invalid/r", "git+https://registry.invalid/r"),
        ("ssh://git:secret@registry.invalid/r", "ssh://git@registry.invalid/r"),
        ("git@registry.invalid:r", "git@registry.invalid:r"),
        ("s3://bucket/r", "s3://bucket/r"),
    ],
)
def test_passwords(url: str, shown: str) -> None:
    assert without_password(url) == shown
