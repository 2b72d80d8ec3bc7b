"""The reader of custom options against the writer of the flatbuffers package, and on bytes that nobody wrote."""

from __future__ import annotations

import random
from typing import Any

import pytest
from flatbuffers import flexbuffers

from tinypack.importers.flexbuffer import LONGEST_KEY, MOST_KEYS, read_numbers

MAPS: list[dict[str, int]] = [
    {},
    {"shift": 12},
    {"clamping": False, "smoothing": 409, "smoothing_bits": 10},
    {"a": -1, "b": 255, "c": -32768, "d": 2**31 - 1, "e": 2**40, "f": -(2**63)},
    {f"key{i:02}": i * i * i for i in range(MOST_KEYS)},
]


@pytest.mark.parametrize("given", MAPS, ids=len)
def test_numbers(given: dict[str, int]) -> None:
    assert read_numbers(memoryview(bytes(flexbuffers.Dumps(given)))) == given


def test_no_bytes_are_no_numbers() -> None:
    assert read_numbers(memoryview(b"")) == {}


REFUSED: dict[str, tuple[Any, str]] = {
    "a vector": ([1, 2], "not a map"),
    "a number": (5, "not a map"),
    "a text inside": ({"name": "x"}, "not a whole number"),
    "a real number inside": ({"ratio": 0.5}, "not a whole number"),
    "a map inside": ({"inner": {"a": 1}}, "not a whole number"),
    "many keys": ({f"k{i:03}": i for i in range(MOST_KEYS + 1)}, "more than 64"),
    "a long key": ({"k" * (LONGEST_KEY + 1): 1}, "without an end"),
}


@pytest.mark.parametrize(("given", "reason"), REFUSED.values(), ids=REFUSED)
def test_refusals(given: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_numbers(memoryview(bytes(flexbuffers.Dumps(given))))


def test_damage_is_found_or_harmless() -> None:
    rng, refused = random.Random(3), 0
    for given in MAPS:
        whole = bytes(flexbuffers.Dumps(given))
        cut = [whole[:end] for end in range(1, len(whole))]
        for _ in range(400):
            broken = bytearray(whole)
            for _ in range(rng.randint(1, 3)):
                broken[rng.randrange(len(broken))] = rng.randrange(256)
            cut.append(bytes(broken))
        for data in cut:
            try:
                read_numbers(memoryview(data))
            except ValueError:
                refused += 1
    assert refused > 500
