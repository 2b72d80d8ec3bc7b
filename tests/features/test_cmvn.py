from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.features.harness import assert_same, block_case
from tests.kernels.targets import Target
from tinypack.features.cmvn import cmvn

LENGTH, LIMIT = 5, 2**30
NOISE = np.random.default_rng(8).integers(-LIMIT, LIMIT, (30, LENGTH)) >> np.array([0, 4, 10, 20, 30])
FRAMES = np.concatenate((NOISE, np.full((12, LENGTH), LIMIT), np.full((12, LENGTH), -LIMIT), np.zeros((12, LENGTH))))
ROWS = {
    "mean": (10, False),
    "mean and variance": (10, True),
    "one frame": (1, True),
    "longer than the stream": (1024, True),
}


def test_kernel(tmp_path: Path, target: Target) -> None:
    cases = [block_case(name, cmvn(LENGTH, *row, LIMIT), FRAMES) for name, row in ROWS.items()]
    assert_same(cases, tmp_path, target)


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_is_the_normalisation(row: tuple[int, bool]) -> None:
    frames, variance = row
    block = cmvn(LENGTH, *row, LIMIT)
    streams = np.stack((FRAMES, FRAMES[::-1])).astype(np.int32)
    state = tuple(np.zeros((2, array.length), array.dtype) for array in block.state)
    (got,) = block.apply((streams,), state)
    for stream, result in zip(streams >> block.down, got, strict=True):
        for i, x in enumerate(stream):
            seen = stream[max(0, i + 1 - frames) : i + 1]
            exact = x - seen.mean(axis=0)
            if variance:
                deviation = seen.std(axis=0)
                exact = np.divide(exact, deviation, out=np.zeros(LENGTH), where=deviation > 0) * 65536
            assert np.abs(result[i] - exact).max() <= 1 + 0.6 * np.abs(exact).max() / len(seen) * variance


def test_goes_on_between_calls() -> None:
    block = cmvn(LENGTH, 10, True, LIMIT)
    whole, parts = (tuple(np.zeros((1, a.length), a.dtype) for a in block.state) for _ in range(2))
    frames = FRAMES[np.newaxis].astype(np.int32)
    (expected,) = block.apply((frames,), whole)
    got = [block.apply((frames[:, i : i + 7],), parts)[0] for i in range(0, len(FRAMES), 7)]
    assert np.array_equal(np.concatenate(got, axis=1), expected)
