"""Object stores: answers get lost, other writers drop what one reads, libraries lack."""

from __future__ import annotations

import builtins
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from s3fs import S3FileSystem

from tinypack.errors import TinypackError
from tinypack.registry.paths import HEAD
from tinypack.registry.stores import Edit, Reader, Store
from tinypack.registry.stores.opening import open_store
from tinypack.registry.stores.s3 import S3Blobs


@pytest.fixture
def store(s3: str) -> Store:
    store = open_store(f"{s3}/{uuid.uuid4().hex}")
    store.update(lambda _: Edit(new={"metadata/1.snapshot.json": b"1"}, head=(HEAD, b"1")))
    return store


def test_an_answer_that_is_lost(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    put, asked = S3Blobs.put, []

    def put_twice(*arguments: Any, **condition: Any) -> None:
        put(*arguments, **condition)
        asked.append(condition)
        put(*arguments, **condition)

    monkeypatch.setattr(S3Blobs, "put", put_twice)
    changes = []

    def change(_: Reader) -> Edit:
        changes.append(1)
        return Edit(new={"metadata/2.snapshot.json": b"2"}, head=(HEAD, b"2"))

    store.update(change)
    assert [list(condition) for condition in asked] == [["IfNoneMatch"], ["IfMatch"]]
    assert (len(changes), store.read(HEAD)) == (1, b"2")


def test_what_another_writer_drops_meanwhile(store: Store) -> None:
    other, seen = open_store(store.url), []

    def change(reader: Reader) -> Edit:
        number = reader.read(HEAD).decode()
        seen.append(number)
        if len(seen) == 1:
            new = {"metadata/2.snapshot.json": b"2"}
            other.update(lambda _: Edit(new=new, head=(HEAD, b"2"), drop=("metadata/1.snapshot.json",)))
        reader.read(f"metadata/{number}.snapshot.json")
        return Edit(head=(HEAD, b"3"))

    store.update(change)
    assert seen == ["1", "2"]


@pytest.fixture
def forgetful() -> Iterator[None]:
    """Have s3fs forget other servers' addresses, before and after."""
    S3FileSystem.clear_instance_cache()
    yield
    S3FileSystem.clear_instance_cache()


@pytest.mark.usefixtures("forgetful")
def test_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "nothing")
    monkeypatch.setattr("s3fs.core.S3FileSystem.retries", 1)
    for url in ("s3://nothing/registry", "sftp://127.0.0.1:1/registry"):
        with pytest.raises(TinypackError, match="unreachable"):
            open_store(url).read(HEAD)


def test_a_library_that_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    load = builtins.__import__

    def lacking(name: str, *arguments: Any, **named: Any) -> Any:
        if name.partition(".")[0] in {"s3fs", "gcsfs", "paramiko"}:
            raise ImportError(name)
        return load(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", lacking)
    monkeypatch.delitem(sys.modules, "tinypack.registry.stores.sftp", raising=False)
    for url in ("gs://bucket/registry", "sftp://127.0.0.1/registry"):
        with pytest.raises(TinypackError, match=r"unreachable[^!]*tinypack\[stores\]"):
            open_store(url)


@pytest.mark.tools
def test_leftovers_on_an_sftp_server_go(sftp: str, sftp_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = uuid.uuid4().hex
    store = open_store(f"{sftp}/{name}")
    store.update(lambda _: Edit(head=(HEAD, b"1")))
    left = sftp_home / "files" / name / ".fresh" / "left"
    left.write_bytes(b"ha")
    store.update(lambda _: Edit(head=(HEAD, b"2")))
    assert left.exists()  # its writer may live
    monkeypatch.setattr("tinypack.registry.stores.sftp.ABANDONED", -1)
    store.update(lambda _: Edit(head=(HEAD, b"3")))
    assert not left.exists()


@pytest.mark.tools
def test_an_unknown_sftp_server_is_refused(sftp: str, sftp_home: Path) -> None:
    known = sftp_home / ".ssh" / "known_hosts"
    before = known.read_text()
    try:
        known.write_text("")
        with pytest.raises(TinypackError, match="not found in known_hosts"):
            open_store(sftp)
    finally:
        known.write_text(before)
