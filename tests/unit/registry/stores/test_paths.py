"""Paths may come from a hostile index."""

from __future__ import annotations

import pytest

from tinypack.errors import TinypackError
from tinypack.registry.stores.paths import checked

GOOD = [
    "a",
    "a/b",
    "metadata/12.bins-0f.json",
    "archives/kws/1.0.0-rc.1/0123456789abcdef/kws_1~x+y@z=1,2.tar.gz",
    "a" * 200,
]
BAD = [
    "",
    ".",
    "..",
    "/a",
    "a/",
    "a//b",
    "../a",
    "a/../b",
    "a/./b",
    ".lock",
    "a/.git/config",
    "a.",
    "a /b",
    "a\\b",
    "C:a",
    "a\0",
    "a\n",
    "a?b",
    "a#b",
    "a%2e",
    "a*",
    "~\u0430",
    "\uff0e\uff0e/a",
    "a" * 201,
    "/".join(["a"] * 300),
    "a|b",
]


@pytest.mark.parametrize("path", GOOD)
def test_plain_ones(path: str) -> None:
    assert checked(path) == path


@pytest.mark.parametrize("path", BAD)
def test_odd_ones(path: str) -> None:
    with pytest.raises(TinypackError, match="a registry's path is relative"):
        checked(path)
