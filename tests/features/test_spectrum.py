from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from tests.features.harness import assert_same, block_case
from tests.kernels.targets import Target
from tinypack.features.spectrum import Magnitude, Power
from tinypack.features.squares import nearest_root

MOST = int(2**30.49)
RANDOM = np.random.default_rng(3)
EDGES = [
    (0, 0),
    (1, 0),
    (0, -1),
    (-1, 1),
    (3, 4),
    (MOST, MOST),
    (-MOST, MOST),
    (-(2**30), 0),
    (0, 2**30 - 1),
    (65535, 1),
]
BINS = np.concatenate((np.array(EDGES).ravel(), (RANDOM.integers(-MOST, MOST, 4000) >> RANDOM.integers(0, 31, 4000))))


def test_kernels(tmp_path: Path, target: Target) -> None:
    bins = len(BINS) // 2
    cases = [block_case(block.KERNEL, block, BINS[np.newaxis]) for block in (Power(bins), Magnitude(bins))]
    assert_same(cases, tmp_path, target)


def test_roots_are_the_nearest() -> None:
    squares = [n * n for n in (*range(70), 46340, 65535, 65536, 2**31 - 1)]
    between = [n * n + n for n in (1, 2, 1000, 65535, 2**24 + 1, 2**30 + 12345)]
    numbers = [x + d for x in (*squares, *between) for d in (-1, 0, 1) if 0 <= x + d <= 2**62]
    exact = [(math.isqrt(4 * x) + 1) // 2 for x in numbers]
    assert nearest_root(np.array(numbers, np.uint64)).tolist() == exact
