from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.features.harness import assert_same, block_case
from tests.kernels.targets import Target
from tinypack.features.dct import dct

INPUTS = 40
COSINES = np.cos(np.pi / INPUTS * np.outer(np.arange(13), np.arange(INPUTS) + 0.5))
LIMIT = 2**28
FRAMES = np.concatenate(
    (
        np.full((1, INPUTS), LIMIT),
        np.full((1, INPUTS), -LIMIT),
        np.random.default_rng(2).integers(-LIMIT, LIMIT, (9, INPUTS)),
    )
)
ROWS = {
    "orthonormal": COSINES * np.sqrt(2 / INPUTS),
    "liftered": COSINES * np.linspace(1, 22, 13)[:, np.newaxis],
    "small": COSINES * 1e-3,
    "one row": np.eye(1, INPUTS),
}


def test_kernel(tmp_path: Path, target: Target) -> None:
    assert_same([block_case(name, dct(row)[0], FRAMES) for name, row in ROWS.items()], tmp_path, target)


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_is_the_product(row: np.ndarray) -> None:
    block, unit = dct(row)
    (got,) = block.apply((FRAMES[np.newaxis],), ())
    assert np.abs(got[0] - FRAMES @ row.T / unit).max() <= 0.5 + INPUTS / 2
    assert np.abs(got).max() <= 2**30
