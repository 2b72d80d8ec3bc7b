from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.features.harness import assert_same, block_case
from tests.kernels.targets import Target
from tinypack.features.quantise import quantise

EDGES = np.array([[0, 1, -1, 2**31 - 1, -(2**31), 65536, -65536, 12345]])
NOISE = np.random.default_rng(5).integers(-(2**31), 2**31, (20, 8)) >> np.arange(0, 20)[:, None]
ROWS = {
    "one factor": (2.0**-16, 0.05, -3, (0.0,), (1.0,)),
    "normalised": (2.0**-16, 0.05, 3, tuple(range(8)), tuple(0.5 + i for i in range(8))),
    "one mean, many deviations": (2.0**-10, 0.004, -128, (3.5,), tuple(10.0**i for i in range(-4, 4))),
    "factor above 1": (1.0, 0.01, 0, (0.0,), (1.0,)),
    "factor beyond 2^30": (1.0, 1e-12, 0, (1.0,), (1.0,)),
    "tiny factor": (2.0**-30, 100.0, 127, (0.0,), (1.0,)),
    "a unit each": (tuple(2.0**-i for i in range(8)), 0.05, 0, (1.0,), (2.0,)),
    "far mean": (2.0**-16, 1e-6, 0, (1e9,), (1.0,)),
}


def test_kernel(tmp_path: Path, target: Target) -> None:
    frames = np.concatenate((EDGES, NOISE))
    assert_same([block_case(name, quantise(8, *row), frames) for name, row in ROWS.items()], tmp_path, target)


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_is_the_real_quantisation(row: tuple[Any, float, int, tuple[float, ...], tuple[float, ...]]) -> None:
    unit, scale, zero_point, mean, std = row
    (got,) = quantise(8, *row).apply((NOISE[np.newaxis],), ())
    real = (NOISE * np.array(unit) - np.array(mean)) / np.array(std) / scale + zero_point
    exact = np.clip(real, -128.5, 127.5)
    assert np.abs(got[0] - exact).max() <= 0.501
