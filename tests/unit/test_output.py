from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from tinypack.errors import TinypackError
from tinypack.output import check_file, check_folder, write_file


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "report.html"
    for data in (b"long before", b"now"):
        check_file(path)
        write_file(path, data)
        assert path.read_bytes() == data
    assert [found.name for found in path.parent.iterdir()] == ["report.html"]


def test_a_check_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "report").write_bytes(b"before")
    check_file(tmp_path / "report")
    check_file(tmp_path / "other")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("report", b"before")]


@pytest.mark.parametrize("name", ["file/report", "file/folder/report"])
def test_a_bad_place_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for attempt in (lambda: check_file(tmp_path / name), lambda: write_file(tmp_path / name, b"x")):
        with pytest.raises(TinypackError) as caught:
            attempt()
        assert caught.value.problems[0].code == "io"


@pytest.mark.parametrize("name", ["file", "file/dist", "file/new/dist"])
def test_a_folder_that_can_not_be_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TinypackError) as caught:
        check_folder(tmp_path / name)
    assert (caught.value.problems[0].code, caught.value.problems[0].where) == ("io", str(tmp_path / "file"))


def test_a_folder_that_can_be_is_not_made(tmp_path: Path) -> None:
    check_folder(tmp_path / "new" / "dist")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="named pipes")
def test_a_pipe_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    check_file(pipe)
    writer = threading.Thread(target=write_file, args=(pipe, b"through"))
    writer.start()
    assert pipe.read_bytes() == b"through"
    writer.join()
    assert pipe.is_fifo()


def test_what_a_device_refuses_is_an_error() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full")
    with pytest.raises(TinypackError, match="No space left"):
        write_file(Path("/dev/full"), b"x")
