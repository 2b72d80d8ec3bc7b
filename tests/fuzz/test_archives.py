"""Archives, damaged outside and inside their compression: files with plain paths, or bad-archive."""

from __future__ import annotations

import gzip
import random
import struct
from collections.abc import Callable

import pytest

from tests.fuzz.budget import fuzz
from tests.support.content import make_content
from tinypack.errors import TinypackError
from tinypack.formats import FORMATS, build_artifact
from tinypack.formats.unpack import MOST_BYTES, read_archive

pytestmark = pytest.mark.slow

WORDS = (0, 1, 2, 0x7F, 0xFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x04034B50, 0x02014B50, 0x06054B50)
BLOCK = 512  # of tar
#: What the fields of a tar header may say: sizes in octal and base 256, kinds of entries, names.
FIELDS = {
    (124, 12): (b"77777777777\0", b"00000000000\0", b"\x80" + b"\xff" * 11, b"-1\0", b"         12\0"),
    (156, 1): tuple(bytes([kind]) for kind in b"\x001234567LKxgSVDMN"),
    (0, 8): (b"../../x\0", b"/etc/pas", b"C:\\x\0\0\0\0", b"\0" * 8, b"kws-ref\0"),
    (157, 8): (b"../../x\0", b"/etc/pas"),
    (345, 4): (b"../\0", b"/a\0\0"),
}


def by_bytes(data: bytes, rng: random.Random) -> bytes:
    """Change one to four words or bytes, most of them near the end, where a zip has its directory; or cut it off."""
    broken = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        first = rng.choice((0, max(0, len(broken) - 2000)))
        at = rng.randrange(first, len(broken) - 4)
        if rng.random() < 0.5:
            struct.pack_into("<I", broken, at, rng.choice(WORDS))
        else:
            broken[at] = rng.randrange(256)
    return bytes(broken[: rng.randrange(len(broken))] if rng.random() < 0.05 else broken)


def by_headers(data: bytes, rng: random.Random) -> bytes:
    """Change the tar inside a tar.gz, with checksums that are right: only what it says is wrong."""
    broken = bytearray(gzip.decompress(data))
    headers = [at for at in range(0, len(broken), BLOCK) if broken[at + 257 : at + 262] == b"ustar"]
    for at in rng.sample(headers, rng.randint(1, 3)):
        (start, size), values = rng.choice([*FIELDS.items()])
        broken[at + start : at + start + size] = rng.choice(values)[:size].ljust(size, b"\0")
        broken[at + 148 : at + 156] = b" " * 8
        broken[at + 148 : at + 156] = b"%06o\0 " % sum(broken[at : at + BLOCK])
    return gzip.compress(bytes(broken), compresslevel=1)


#: Format whose archive is damaged, and how.
SUBJECTS: dict[str, tuple[str, Callable[[bytes, random.Random], bytes]]] = {
    "zip": ("arduino", by_bytes),
    "pack": ("cmsis-pack", by_bytes),
    "gzip": ("zephyr", by_bytes),
    "tar": ("esp-idf", by_headers),
}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_archives(subject: str) -> None:
    name, mutate = SUBJECTS[subject]
    sound = build_artifact(FORMATS[name], make_content()).data
    fuzz(subject, lambda rng: mutate(sound, rng), take)


def take(data: bytes) -> str:
    try:
        files = read_archive(data)
    except TinypackError as error:
        assert {problem.code for problem in error.problems} == {"bad-archive"}
        return "refused"
    assert sum(map(len, files.values())) <= MOST_BYTES
    for path in files:
        assert not path.startswith("/") and ".." not in path.split("/") and "\\" not in path and ":" not in path
    return "read"
