"""Loops of binary kernels."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from tinypack.ops.broadcast import Loop, loops


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ((2, 3, 4), (2, 3, 4), [Loop(24, (1, 1))]),
        ((2, 3, 4), (), [Loop(24, (1, 0))]),
        ((2, 3, 4), (4,), [Loop(6, (4, 0)), Loop(4, (1, 1))]),
        ((2, 1, 4), (3, 1), [Loop(2, (4, 0)), Loop(3, (0, 1)), Loop(4, (1, 0))]),
        ((1, 1), (1,), []),
        ((2, 1, 3, 1, 4), (1, 1, 3, 2, 4), [Loop(2, (12, 0)), Loop(3, (4, 8)), Loop(2, (0, 4)), Loop(4, (1, 1))]),
    ],
)
def test_loops(a: tuple[int, ...], b: tuple[int, ...], expected: list[Loop]) -> None:
    assert loops([a, b], np.broadcast_shapes(a, b)) == expected


@pytest.mark.parametrize("pattern", list(product((1, 3), repeat=6)))
def test_loops_walk_what_numpy_broadcasts(pattern: tuple[int, ...]) -> None:
    a, b = pattern[:3], pattern[3:]
    y = np.broadcast_shapes(a, b)
    found = loops([a, b], y)
    for shape, position in ((a, 0), (b, 1)):
        walked = [
            sum(i * loop.strides[position] for i, loop in zip(index, found, strict=True))
            for index in product(*(range(loop.extent) for loop in found))
        ]
        assert walked == np.broadcast_to(np.arange(np.prod(shape)).reshape(shape), y).reshape(-1).tolist()
