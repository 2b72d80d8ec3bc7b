"""Archives whose bytes depend on their files alone: sorted, owned by nobody, dated by content, compressed by us.

Why so: docs/decisions/0002-archives.md.
"""

from __future__ import annotations

import hashlib
import struct
import tarfile
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from tinypack.formats.deflate import deflate

FIRST_DATE = datetime(2000, 1, 1)
DATE_RANGE = 20 * 365 * 24 * 3600  # seconds
FILE_MODE = 0o100644
BLOCK = 512  # of tar
GZIP_HEADER = bytes((0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255))  # no name, no time, no operating system
ZIP_VERSION = 20
ZIP_UNIX = 3 << 8
ZIP_UTF8 = 1 << 11
ZIP_DEFLATED = 8


def content_date(data: bytes) -> datetime:
    """Date a file by its bytes: even seconds, because zip knows no others."""
    number = int.from_bytes(hashlib.sha256(data).digest()[:8], "big")
    return FIRST_DATE + timedelta(seconds=number % (DATE_RANGE // 2) * 2)


def make_zip(files: Mapping[str, bytes]) -> bytes:
    """Write a zip archive."""
    body, directory = bytearray(), bytearray()
    for path, data in sorted(files.items()):
        name = path.encode()
        date, packed = content_date(data), deflate(data)
        fields = struct.pack(
            "<HHHHHIIIHH",
            ZIP_VERSION,
            ZIP_UTF8,
            ZIP_DEFLATED,
            date.hour << 11 | date.minute << 5 | date.second // 2,
            (date.year - 1980) << 9 | date.month << 5 | date.day,
            zlib.crc32(data),
            len(packed),
            len(data),
            len(name),
            0,
        )
        attributes = FILE_MODE << 16
        directory += b"PK\1\2" + struct.pack("<H", ZIP_UNIX | ZIP_VERSION) + fields
        directory += struct.pack("<HHHII", 0, 0, 0, attributes, len(body)) + name
        body += b"PK\3\4" + fields + name + packed
    end = struct.pack("<HHHHIIH", 0, 0, len(files), len(files), len(directory), len(body), 0)
    return bytes(body + directory) + b"PK\5\6" + end


def make_tar_gz(files: Mapping[str, bytes]) -> bytes:
    """Write a gzipped tar archive (POSIX ustar)."""
    pieces: list[bytes] = []
    for path, data in sorted(files.items()):
        entry = tarfile.TarInfo(path)
        entry.size = len(data)
        entry.mode = FILE_MODE & 0o777
        entry.mtime = int((content_date(data) - datetime(1970, 1, 1)).total_seconds())
        pieces += [entry.tobuf(tarfile.USTAR_FORMAT), data, bytes(-len(data) % BLOCK)]
    pieces.append(bytes(2 * BLOCK))
    plain = b"".join(pieces)
    return GZIP_HEADER + deflate(*pieces) + struct.pack("<II", zlib.crc32(plain), len(plain))


#: File name ending -> how it is written.
WRITERS: dict[str, Callable[[Mapping[str, bytes]], bytes]] = {
    ".zip": make_zip,
    ".pack": make_zip,
    ".tar.gz": make_tar_gz,
}


def pack(filename: str, files: Mapping[str, bytes]) -> bytes:
    """Write the kind of archive that a file name says."""
    write = next(write for ending, write in WRITERS.items() if filename.endswith(ending))
    return write(files)
