from __future__ import annotations

import heapq
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinypack.formats.deflate import BLOCK_BYTES, LONGEST, code_lengths, deflate

NOISE = np.random.default_rng(0)
NUMBERS = ", ".join(str(n) for n in NOISE.normal(0, 30, 60000).astype(int)).encode()

DATA = {
    "nothing": b"",
    "one byte": b"a",
    "one byte, often": b"a" * 100_000,
    "two bytes": b"ab" * 700,
    "every byte": bytes(range(256)) * 3,
    "a block less one": bytes(BLOCK_BYTES - 1),
    "a block": bytes(BLOCK_BYTES),
    "a block and one": bytes(BLOCK_BYTES + 1),
    "noise": NOISE.bytes(150_000),
    "numbers": NUMBERS,
    "codes too long without a limit": b"".join(bytes([i]) * min(1 << i, 20_000) for i in range(24)),
}


def inflated(stream: bytes) -> bytes:
    inflate = zlib.decompressobj(-15)
    plain = inflate.decompress(stream)
    assert inflate.eof and not inflate.unused_data
    return plain


@pytest.mark.parametrize("data", DATA.values(), ids=DATA)
def test_round_trip(data: bytes) -> None:
    assert inflated(deflate(data)) == data


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_pieces(pieces: list[bytes]) -> None:
    assert inflated(deflate(*pieces)) == b"".join(pieces)


def test_it_compresses() -> None:
    assert len(deflate(NUMBERS)) < 0.45 * len(NUMBERS)
    assert len(deflate(DATA["noise"])) < 1.001 * len(DATA["noise"])


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=16).filter(lambda counts: sum(map(bool, counts)) > 1))
def test_code_lengths_are_shortest(counts: list[int]) -> None:
    """As short as Huffman's own, whose cost is the sum of all merged weights: 16 symbols stay within the limit."""
    lengths = code_lengths(counts)
    assert [bool(length) for length in lengths] == [bool(count) for count in counts]
    heap = [count for count in counts if count]
    heapq.heapify(heap)
    cost = 0
    while len(heap) > 1:
        merged = heapq.heappop(heap) + heapq.heappop(heap)
        cost += merged
        heapq.heappush(heap, merged)
    assert sum(count * length for count, length in zip(counts, lengths, strict=True)) == cost


def test_code_lengths_are_limited() -> None:
    lengths = code_lengths([2**i for i in range(40)])
    assert max(lengths) == LONGEST
    assert sum(2.0**-length for length in lengths) == 1.0
