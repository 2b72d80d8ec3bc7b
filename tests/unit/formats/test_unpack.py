from __future__ import annotations

import gzip
import io
import stat
import tarfile
import time
import zipfile
from collections.abc import Callable

import pytest

from tinypack.errors import TinypackError
from tinypack.formats import unpack
from tinypack.formats.archive import make_tar_gz, make_zip
from tinypack.formats.unpack import read_archive

PLAIN = {"kws/a.c": b"int a;\n", "kws/b.c": b"int b;\n"}


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return out.getvalue()


def tarred(name: str, data: bytes = b"", **attributes: object) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        for key, value in attributes.items():
            setattr(info, key, value)
        archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def zip_link() -> bytes:
    info = zipfile.ZipInfo("kws/link")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return zipped((info, b"/etc/passwd"))


def zip_duplicate() -> bytes:
    return make_zip({"kws/a.c": b"1", "kws/b.c": b"2"}).replace(b"kws/b.c", b"kws/a.c")


def damaged(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


#: What is wrong, the archive, and a piece of the message.
HOSTILE: list[tuple[str, Callable[[], bytes], str]] = [
    ("empty", lambda: b"", "a .zip or a .tar.gz"),
    ("no archive", lambda: b"hello, world", "a .zip or a .tar.gz"),
    ("zip climbs", lambda: zipped(("../evil", b"")), "a path is relative"),
    ("zip climbs inside", lambda: zipped(("kws/../../evil", b"")), "a path is relative"),
    ("zip is absolute", lambda: zipped(("/etc/passwd", b"")), "a path is relative"),
    ("zip has a drive", lambda: zipped(("C:/evil", b"")), "a path is relative"),
    ("zip has backslashes", lambda: zipped(("..\\evil", b"")), "a path is relative"),
    ("zip has an empty part", lambda: zipped(("kws//a", b"")), "a path is relative"),
    ("zip has a new line", lambda: zipped(("kws/a\nb", b"")), "a path is relative"),
    ("zip has a long path", lambda: zipped(("a/" * 200 + "a", b"")), "a path is relative"),
    ("zip link", zip_link, "a plain file"),
    ("zip duplicate", zip_duplicate, "paths differ"),
    ("zip differs in case only", lambda: zipped(("kws/A.c", b""), ("kws/a.c", b"")), "paths differ"),
    ("zip file is a folder", lambda: zipped(("kws", b""), ("kws/a.c", b"")), "a file or a folder"),
    ("zip by another method", lambda: zipped(("a", b"a" * 99), method=zipfile.ZIP_LZMA), "undamaged"),
    ("zip bomb", lambda: zipped(("a", bytes(5000)), method=zipfile.ZIP_DEFLATED), "up to 4096 bytes"),
    ("zip of many", lambda: make_zip({f"a{i}": b"" for i in range(33)}), "up to 32 files"),
    ("zip cut off", lambda: make_zip(PLAIN)[:-30], "undamaged"),
    ("zip damaged", lambda: damaged(make_zip(PLAIN), 40), "undamaged"),
    ("tar climbs", lambda: tarred("../evil"), "a path is relative"),
    ("tar is absolute", lambda: tarred("/etc/passwd"), "a path is relative"),
    ("tar symbolic link", lambda: tarred("a", type=tarfile.SYMTYPE, linkname="/etc/passwd"), "a plain file"),
    ("tar hard link", lambda: tarred("a", type=tarfile.LNKTYPE, linkname="b"), "a plain file"),
    ("tar device", lambda: tarred("a", type=tarfile.CHRTYPE), "a plain file"),
    ("tar pipe", lambda: tarred("a", type=tarfile.FIFOTYPE), "a plain file"),
    ("tar bomb", lambda: tarred("a", bytes(5000)), "up to 4096 bytes"),
    ("tar of many", lambda: make_tar_gz({f"a{i}": b"" for i in range(33)}), "up to 32 files"),
    ("gzip bomb", lambda: gzip.compress(bytes(1 << 20)), "undamaged"),
    ("gzip cut off", lambda: make_tar_gz(PLAIN)[:-9], "undamaged"),
    ("gzip with a tail", lambda: make_tar_gz(PLAIN) + b"evil", "undamaged"),
    ("gzip damaged", lambda: damaged(make_tar_gz(PLAIN), 600), "undamaged"),
    ("gzip of no tar", lambda: gzip.compress(b"hello" * 300), "undamaged"),
    ("tar with a damaged header", lambda: gzip.compress(damaged(gzip.decompress(make_tar_gz(PLAIN)), 1030)), "damaged"),
]


@pytest.mark.parametrize(("make", "message"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_refused(make: Callable[[], bytes], message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "MOST_BYTES", 4096)
    monkeypatch.setattr(unpack, "MOST_FILES", 32)
    with pytest.raises(TinypackError) as caught:
        read_archive(make(), "kws.zip")
    assert {problem.code for problem in caught.value.problems} == {"bad-archive"}
    assert message in str(caught.value)
    assert "kws.zip" in caught.value.problems[0].where


def test_all_problems_at_once() -> None:
    with pytest.raises(TinypackError) as caught:
        read_archive(zipped(("../a", b""), ("/b", b""), ("c", b"")))
    assert len(caught.value.problems) == 2


def test_folders_are_left_out() -> None:
    assert read_archive(zipped(("kws/", b""), ("kws/a", b"1"))) == {"kws/a": b"1"}


@pytest.mark.parametrize("write", [make_zip, make_tar_gz])
def test_every_damage_is_an_error_or_harmless(write: Callable[[dict[str, bytes]], bytes]) -> None:
    """Any byte changed: the same files, or bad-archive, never another exception."""
    data, start = write(PLAIN), time.monotonic()
    for at in range(0, len(data), 3):
        try:
            read_archive(damaged(data, at))
        except TinypackError as error:
            assert error.problems[0].code == "bad-archive"
    assert time.monotonic() - start < 20
