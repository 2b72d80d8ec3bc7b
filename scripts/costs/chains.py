"""Chains to measure."""

from __future__ import annotations

from collections.abc import Iterator

from tinypack.features.protocol import Array, Chain, Step
from tinypack.features.quantise import quantise


def chains() -> Iterator[Chain]:
    for n in (10, 40):
        yield Chain({"samples": Array("int32_t", n)}, (Step(quantise(n, 2**-16, 0.1, 3), ("samples",), ("q",)),), "q")
