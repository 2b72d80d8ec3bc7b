"""What every store does, whatever it is in."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable

import pytest

from tests.unit.registry.stores.conftest import KINDS, Opened
from tinypack.errors import TinypackError
from tinypack.registry.paths import HEAD
from tinypack.registry.stores import Edit, NotThere, Reader, Store, objects

pytestmark = pytest.mark.parametrize("opened", KINDS, indirect=True)
ARCHIVE = "archives/kws/1.0.0/0123456789abcdef/kws-1.0.0.zip"


def files(store: Store) -> dict[str, bytes]:
    return {path: store.read(path) for path in store.paths("")}


def count(writer: str) -> Callable[[Reader], Edit]:
    """Raise the number in the head by one, and write a file under that number, as publishing does."""

    def change(reader: Reader) -> Edit:
        before = int(reader.read(HEAD).split()[0])
        number = before + 1
        mark = f"{writer} {uuid.uuid4().hex}"
        while present(reader, f"metadata/{number}.snapshot.json"):
            number += 1  # left by a writer that was overtaken
        head = f"{before + 1} {number} {mark}".encode()
        return Edit(new={f"metadata/{number}.snapshot.json": mark.encode()}, head=(HEAD, head), message="Count")

    return change


def present(reader: Reader, path: str) -> bool:
    try:
        reader.read(path)
    except NotThere:
        return False
    return True


def test_an_empty_one(opened: Opened) -> None:
    store = opened()
    assert list(store.paths("")) == list(store.paths("inbox")) == []
    for path in (HEAD, ARCHIVE):
        with pytest.raises(NotThere):
            store.read(path)


def test_all_that_an_edit_does(opened: Opened) -> None:
    store = opened()
    store.add({ARCHIVE: b"archive"})
    first = Edit(
        new={"metadata/1.root.json": b"root", "metadata/x": b""}, plain={"index.html": b"page"}, head=(HEAD, b"1")
    )
    assert store.update(lambda _: first) is first
    expected = {
        ARCHIVE: b"archive",
        "index.html": b"page",
        "metadata/1.root.json": b"root",
        "metadata/x": b"",
        HEAD: b"1",
    }
    assert files(store) == files(opened()) == expected
    assert list(store.paths("")) == sorted(expected)
    assert list(store.paths("metadata")) == sorted(path for path in expected if path.startswith("metadata/"))
    store.update(
        lambda _: Edit(plain={"index.html": b"new page"}, head=(HEAD, b"2"), drop=("metadata/x", "metadata/y"))
    )
    assert files(opened()) == {
        **{k: v for k, v in expected.items() if k != "metadata/x"},
        "index.html": b"new page",
        HEAD: b"2",
    }


def test_the_inbox(opened: Opened) -> None:
    store = opened()
    store.update(lambda _: Edit(head=(HEAD, b"1")))
    handed_in = {"inbox/kws-1.0.0-01/kws.zip": b"zip", "inbox/kws-1.0.0-01/statement.json": b"{}"}
    opened().update(lambda _: Edit(plain=handed_in))
    opened().update(lambda _: Edit(plain={"inbox/other-2.0.0-02/statement.json": b"{}"}))
    assert list(store.paths("inbox")) == [*handed_in, "inbox/other-2.0.0-02/statement.json"]
    assert list(store.paths("inbox/kws-1.0.0-01")) == list(handed_in)
    assert store.read("inbox/kws-1.0.0-01/kws.zip") == b"zip"
    store.update(lambda _: Edit(new={ARCHIVE: b"zip"}, head=(HEAD, b"2"), drop=tuple(handed_in)))
    assert list(opened().paths("")) == [ARCHIVE, "inbox/other-2.0.0-02/statement.json", HEAD]


def test_what_is_there_stays(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "MOST_CLASHES", 1)
    store = opened()
    store.update(lambda _: Edit(new={"metadata/1.root.json": b"root"}, head=(HEAD, b"1")))
    store.update(lambda _: Edit(new={"metadata/1.root.json": b"root"}, head=(HEAD, b"2")))
    with pytest.raises(TinypackError, match="bad-registry"):
        store.update(lambda _: Edit(new={"metadata/1.root.json": b"other"}, head=(HEAD, b"3")))
    with pytest.raises(TinypackError, match="bad-registry"):
        store.add({"metadata/1.root.json": b"other"})
        store.update(lambda _: Edit(head=(HEAD, b"4")))
    assert files(opened()) == {"metadata/1.root.json": b"root", HEAD: b"2"}


def test_a_change_that_fails_changes_nothing(opened: Opened) -> None:
    store = opened()
    store.update(lambda _: Edit(head=(HEAD, b"1")))

    def change(_: Reader) -> Edit:
        raise TinypackError.one("refused", "kws", "no reason")

    with pytest.raises(TinypackError, match="no reason"):
        store.update(change)
    assert files(opened()) == {HEAD: b"1"}
    store.update(lambda _: Edit(head=(HEAD, b"2")))  # nor is it locked


def test_reading_stops_at_the_limit(opened: Opened) -> None:
    store = opened()
    large = bytes(range(256)) * 1000
    store.add({ARCHIVE: large})
    store.update(lambda _: Edit(head=(HEAD, b"1")))
    assert store.read(ARCHIVE) == store.read(ARCHIVE, len(large)) == large
    with pytest.raises(TinypackError, match=f"up to {len(large) - 1} bytes"):
        store.read(ARCHIVE, len(large) - 1)
    chunks = store.chunks(ARCHIVE)
    assert large.startswith(next(chunks))
    chunks.close()  # type: ignore[attr-defined]
    assert store.read(HEAD) == b"1"


@pytest.mark.parametrize("path", ["a/../../out", ""])
def test_no_path_leads_out(opened: Opened, path: str) -> None:
    store = opened()
    store.update(lambda _: Edit(head=(HEAD, b"1")))
    writers: list[Callable[[], object]] = [
        lambda: store.read(path),
        lambda: list(store.paths(path or ".")),
        lambda: store.update(lambda reader: Edit(head=(HEAD, reader.read(path)))),
        lambda: store.update(lambda _: Edit(new={path: b"x"})),
        lambda: store.update(lambda _: Edit(plain={path: b"x"})),
        lambda: store.update(lambda _: Edit(head=(path, b"x"))),
        lambda: store.update(lambda _: Edit(head=(HEAD, b"2"), drop=(path,))),
        lambda: store.add({path: b"x"}),
    ]
    for write in writers:
        with pytest.raises(TinypackError, match="bad-registry"):
            write()
    assert files(opened()) == {HEAD: b"1"}


def test_writers_at_once_lose_nothing(opened: Opened) -> None:
    opened().update(lambda _: Edit(head=(HEAD, b"0")))
    writers = [opened() for _ in range(4)]
    failures: list[BaseException] = []

    def write(number: int) -> None:
        try:
            for _ in range(3):
                writers[number].add({f"archives/{number}.zip": b"archive"})
                writers[number].update(count(f"writer-{number}"))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=[number]) for number in range(len(writers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    found = files(opened())
    total, number, mark = found[HEAD].split(b" ", 2)
    assert total == b"12"
    assert found[f"metadata/{int(number)}.snapshot.json"] == mark
    assert sum(path.startswith("archives/") for path in found) == 4
