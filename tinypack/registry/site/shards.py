"""A large table as many small files, by the first letters of its keys: a change or a look-up touches few of them.

A leaf holds all keys that begin with its prefix. An inner one holds the key that is its prefix, and says where longer
ones lie. Prefixes are as long as all keys below share them, so that a path has few steps.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby


@dataclass(frozen=True)
class Shard:
    """A file of the table.

    keys      those that it holds itself
    children  prefixes of the shards below; a leaf has none
    below     all keys in it and below it
    """

    prefix: str
    keys: tuple[str, ...]
    below: Sequence[str] = field(repr=False)
    children: tuple[str, ...] = ()


def split(sizes: Mapping[str, int], most: int) -> Iterator[Shard]:
    """Divide keys into shards of up to `most`, the sum of sizes, unless one key alone is larger; the root first."""
    return _split(sizes, sorted(sizes), "", most)


def filename(prefix: str) -> str:
    """Give the part of a file's name that means a prefix; the scripts of the pages do the same."""
    return "".join(char if char.isascii() and char.isalnum() else f"_{ord(char):x}_" for char in prefix)


def _split(sizes: Mapping[str, int], keys: Sequence[str], prefix: str, most: int) -> Iterator[Shard]:
    if len(keys) < 2 or sum(map(sizes.__getitem__, keys)) <= most:
        yield Shard(prefix, tuple(keys), keys)
        return
    own = (prefix,) if keys[0] == prefix else ()
    start = len(prefix)
    groups = [list(group) for _, group in groupby(keys[len(own) :], key=lambda key: key[: start + 1])]
    prefixes = [os.path.commonprefix([group[0], group[-1]]) for group in groups]  # noqa: RUF071 - letters
    yield Shard(prefix, own, keys, tuple(prefixes))
    for longer, group in zip(prefixes, groups, strict=True):
        yield from _split(sizes, group, longer, most)
