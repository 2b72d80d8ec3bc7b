from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from datetime import datetime

import pytest

from tinypack.formats.archive import WRITERS, content_date, make_tar_gz, make_zip, pack
from tinypack.formats.unpack import read_archive

FILES = {"kws/b.c": b"int b;\n" * 20000, "kws/a.h": b"", "kws/sub/ünï.txt": "é".encode(), "kws/c.c": bytes(range(256))}

#: What these files have always been packed to, on every machine and Python.
PINNED = {
    ".pack": "8db04d0e3d55597b6e9bb348e96ce1b31a48641abed330a08c40e0413e75c0a9",
    ".zip": "8db04d0e3d55597b6e9bb348e96ce1b31a48641abed330a08c40e0413e75c0a9",
    ".tar.gz": "f3eb51cba1727910c2c01469d8eebec258b0d9814dc100a69bd3f41761ed9d8a",
}


@pytest.mark.parametrize("ending", WRITERS)
def test_bytes_are_pinned(ending: str) -> None:
    assert hashlib.sha256(pack(f"kws{ending}", FILES)).hexdigest() == PINNED[ending]


@pytest.mark.parametrize("ending", WRITERS)
def test_order_does_not_matter(ending: str) -> None:
    assert pack(f"x{ending}", dict(reversed(FILES.items()))) == pack(f"x{ending}", FILES)


@pytest.mark.parametrize("ending", WRITERS)
def test_read_back(ending: str) -> None:
    assert read_archive(pack(f"x{ending}", FILES)) == FILES


def test_zipfile_agrees() -> None:
    with zipfile.ZipFile(io.BytesIO(make_zip(FILES))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == sorted(FILES)
        for info in archive.infolist():
            assert archive.read(info) == FILES[info.filename]
            assert datetime(*info.date_time) == content_date(FILES[info.filename])
            assert info.external_attr >> 16 == 0o100644


def test_tarfile_agrees() -> None:
    with tarfile.open(fileobj=io.BytesIO(make_tar_gz(FILES))) as archive:
        assert archive.getnames() == sorted(FILES)
        for info in archive:
            file = archive.extractfile(info)
            assert file is not None and file.read() == FILES[info.name]
            assert (info.uid, info.gid, info.uname, info.gname, info.mode) == (0, 0, "", "", 0o644)
            assert info.mtime == (content_date(FILES[info.name]) - datetime(1970, 1, 1)).total_seconds()


def test_date_follows_content() -> None:
    dates = {content_date(bytes([i])) for i in range(256)}
    assert len(dates) == 256
    assert all(date.second % 2 == 0 and 2000 <= date.year < 2020 for date in dates)
    assert content_date(b"same") == content_date(b"same")
