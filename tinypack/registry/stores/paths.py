"""Which paths a store takes: they may come from a hostile index."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tinypack.errors import TinypackError
from tinypack.registry.stores import NotThere

LONGEST = 512
PART = re.compile(r"(?!\.)[A-Za-z0-9._+~@=,-]{1,200}(?<!\.)")


def checked(path: str) -> str:
    """Give a path back if it is relative and plain, so that it stays inside the registry.

    Raises: TinypackError (bad-registry)
    """
    if len(path) > LONGEST or not all(PART.fullmatch(part) for part in path.split("/")):
        rule = "a registry's path is relative, of letters, digits and ._+~@=,- and no part starts or ends with a dot"
        raise TinypackError.one("bad-registry", "path", rule, ascii(path[:LONGEST]))
    return path


def read_whole(chunks: Iterable[bytes], path: str, most: int) -> bytes:
    """Join chunks; stop at the limit, however many would follow.

    Raises: NotThere; TinypackError (bad-registry)
    """
    found = bytearray()
    for chunk in chunks:
        found += chunk
        if len(found) > most:
            raise TinypackError.one("bad-registry", path, f"it may have up to {most} bytes", "more")
    return bytes(found)


def unreachable(url: str, error: BaseException, rule: str = "the registry must be reached") -> TinypackError:
    """Say that a registry can't be read or written."""
    return TinypackError.one("unreachable", url, rule, f"{type(error).__name__}: {error}")


def same(chunks: Iterator[bytes], data: bytes) -> bool:
    """Whether a file is there and holds just these bytes."""
    try:
        return read_whole(chunks, "", len(data)) == data
    except (NotThere, TinypackError):
        return False
