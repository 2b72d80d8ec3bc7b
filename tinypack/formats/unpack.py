"""Read archives that may be hostile: every name, kind and size is checked before anything is unpacked."""

from __future__ import annotations

import io
import re
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tinypack.errors import Problem, TinypackError

MOST_FILES = 10_000
MOST_BYTES = 256 << 20  # of all files together
LONGEST_PATH = 255
PART = re.compile(r"(?!\.{1,2}$)[^\x00-\x1f\x7f/\\:*?\"<>|]+")
GZIP_WINDOW = 31  # zlib's way to say: with a gzip header

#: What the standard library's readers raise at damaged input.
DAMAGED = (
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    struct.error,
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
)


@dataclass(frozen=True)
class _Entry:
    name: str
    size: int
    plain: bool  # a regular file: no link, device or sparse file
    read: Callable[[], bytes]


def read_archive(data: bytes, where: str = "archive") -> dict[str, bytes]:
    """Unpack a .zip or .tar.gz into memory: path -> bytes, folders left out.

    Raises: TinypackError (bad-archive) with every problem
    """
    reader = next((read for magic, read in READERS.items() if data.startswith(magic)), None)
    if reader is None:
        raise TinypackError.one(
            "bad-archive", where, "an archive is a .zip or a .tar.gz", f"it starts with {data[:4]!r}"
        )
    try:
        entries = _limited(reader(data), where)
        problems = list(_problems(entries, where))
        if problems:
            raise TinypackError(problems)
        return {entry.name: entry.read() for entry in entries}
    except DAMAGED as error:
        found = f"{type(error).__name__}: {error}"
        raise TinypackError.one("bad-archive", where, "an archive must be complete and undamaged", found) from None


def _limited(entries: Iterator[_Entry], where: str) -> list[_Entry]:
    """Collect entries as long as they stay within the limits."""
    kept: list[_Entry] = []
    total = 0
    for entry in entries:
        kept.append(entry)
        total += entry.size
        if len(kept) > MOST_FILES:
            raise TinypackError.one("bad-archive", where, f"an archive may hold up to {MOST_FILES} files", "more")
        if total > MOST_BYTES:
            raise TinypackError.one("bad-archive", where, f"its files may have up to {MOST_BYTES} bytes", "more")
    return kept


def _problems(entries: list[_Entry], where: str) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    folders = {parent.lower() for entry in entries for parent in _parents(entry.name)}
    for entry in entries:
        place, folded = f"{where}: {entry.name!r}", entry.name.lower()
        if len(entry.name) > LONGEST_PATH or not all(PART.fullmatch(part) for part in entry.name.split("/")):
            rule = "a path is relative, without `..`, empty or unprintable parts, and not too long"
            yield Problem("bad-archive", place, rule, entry.name[:LONGEST_PATH])
        if not entry.plain:
            yield Problem("bad-archive", place, "an entry is a plain file", "a link, a device or the like")
        if folded in seen:
            yield Problem("bad-archive", place, "paths differ, also where case does not count", seen[folded])
        if folded in folders:
            yield Problem("bad-archive", place, "a path is a file or a folder", "both")
        seen[folded] = entry.name


def _parents(name: str) -> Iterator[str]:
    parts = name.split("/")
    return ("/".join(parts[:i]) for i in range(1, len(parts)))


def _zip_entries(data: bytes) -> Iterator[_Entry]:
    archive = zipfile.ZipFile(io.BytesIO(data))
    for info in archive.infolist():
        kind = stat.S_IFMT(info.external_attr >> 16)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise zipfile.BadZipFile(f"compression {info.compress_type}")
        if not info.is_dir():
            yield _Entry(info.filename, info.file_size, kind in (0, stat.S_IFREG), _zip_reader(archive, info))


def _zip_reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], bytes]:
    return lambda: archive.read(info)


def _tar_entries(data: bytes) -> Iterator[_Entry]:
    stream = zlib.decompressobj(GZIP_WINDOW)
    body = stream.decompress(data, MOST_BYTES + MOST_FILES * 1024)
    if not stream.eof or stream.unused_data:
        raise EOFError("it ends in the middle, has something behind its end, or is too large")
    archive = tarfile.TarFile(fileobj=io.BytesIO(body))
    for info in archive:
        plain = info.type in (tarfile.REGTYPE, tarfile.AREGTYPE) and not info.issparse()
        if not info.isdir():
            yield _Entry(info.name, info.size, plain, _tar_reader(archive, info))
    if body[archive.offset :].strip(b"\0"):
        raise tarfile.ReadError("a damaged header")


def _tar_reader(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        file = archive.extractfile(info)
        content = file.read() if file else b""
        if len(content) != info.size:
            raise EOFError(f"{info.name} is cut off")
        return content

    return read


#: First bytes of a file -> what reads it.
READERS: dict[bytes, Callable[[bytes], Iterator[_Entry]]] = {b"PK\3\4": _zip_entries, b"\x1f\x8b": _tar_entries}
