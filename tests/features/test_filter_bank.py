from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.features.harness import assert_same, block_case
from tests.kernels.targets import Target
from tinypack.features.filter_bank import filter_bank
from tinypack.features.halves import halves, joined

BINS = 65
RANDOM = np.random.default_rng(9)
TRIANGLES = np.stack([np.maximum(0, 1 - np.abs(np.arange(BINS) - c) / w) for c, w in ((3, 1.5), (9, 4), (40, 20.5))])
ROWS = {
    "triangles": TRIANGLES,
    "one empty": np.stack((TRIANGLES[0], np.zeros(BINS), TRIANGLES[2])) * 1e-6,
    "one of all": np.stack((TRIANGLES[0], np.ones(BINS))),
    "with gaps": np.where(np.arange(BINS) % 3 == 1, 1e3, 0)[np.newaxis],
}
LARGEST = {"powers": 2**62, "magnitudes": 2**31}


def values(largest: int) -> np.ndarray:
    noise = RANDOM.integers(0, largest, (8, BINS)) >> RANDOM.integers(0, 62, (8, BINS))
    return np.concatenate((noise, np.zeros((1, BINS)), np.full((1, BINS), largest - 1))).astype(np.uint64)


@pytest.mark.parametrize("kind", LARGEST)
def test_kernel(kind: str, tmp_path: Path, target: Target) -> None:
    largest = LARGEST[kind]
    cases = [block_case(name, filter_bank(row, largest)[0], halves(values(largest))) for name, row in ROWS.items()]
    assert_same(cases, tmp_path, target)


@pytest.mark.parametrize("kind", LARGEST)
@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_is_the_weighted_sum(row: np.ndarray, kind: str) -> None:
    block, unit, largest = filter_bank(row, LARGEST[kind])
    x = values(LARGEST[kind])
    (got,) = block.apply((halves(x)[np.newaxis],), ())
    exact = x.astype(float) @ row.T
    errors = np.abs(joined(got[0]).astype(float) * unit - exact)
    rounding = row.max() * 2.0**-17 * (x.astype(float) @ (row > 0).T)
    assert (errors <= 1.0001 * rounding + unit).all()
    assert joined(got[0]).max() <= largest < 2**63
