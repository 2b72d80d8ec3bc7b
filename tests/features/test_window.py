from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.features.frames import trying_frames
from tests.features.harness import Case, assert_same
from tests.kernels.targets import Target
from tinypack.features.protocol import Chain, Step
from tinypack.features.window import Emphasis, Window

FRAME, LENGTH = 80, 128
HANN = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / FRAME)
ONES = np.ones(FRAME)
#: Window, pre-emphasis, hop.
ROWS = {
    "hann": (HANN, 0.0, 40),
    "none": (ONES, 0.0, 40),
    "emphasis, frames overlap": (HANN, 0.97, 40),
    "emphasis, no window": (ONES, 0.97, 80),
    "emphasis, gaps": (ONES, 1.0, 100),
}
Row = tuple[np.ndarray, float, int]


def block(row: Row) -> Window | Emphasis:
    window, factor, hop = row
    return Emphasis(factor, window, LENGTH, hop) if factor else Window(window, LENGTH)


def samples(row: Row) -> np.ndarray:
    return trying_frames(block(row).inputs[0].length)


def test_kernel(tmp_path: Path, target: Target) -> None:
    cases = []
    for name, row in ROWS.items():
        step = Step(block(row), ("samples",), ("frame", "exponent"))
        given = {"samples": block(row).inputs[0]}
        cases += [
            Case(f"{name}: {output}", Chain(given, (step,), output), {"samples": samples(row)})
            for output in step.writes
        ]
    assert_same(cases, tmp_path, target)


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_is_the_window(row: Row) -> None:
    window, factor, hop = row
    x = samples(row)
    state = tuple(np.zeros((1, array.length), array.dtype) for array in block(row).state)
    frames, exponents = block(row).apply((x[np.newaxis],), state)
    got = frames[0] * 2.0 ** exponents[0]
    before = np.concatenate(([0], x[:-1, hop - 1])).astype(float)
    last = np.concatenate((before[:, np.newaxis], x[:, : FRAME - 1]), axis=1)
    exact = (x[:, :FRAME] - factor * last) * window
    loudest = np.maximum(np.abs(x[:, :FRAME].astype(int)).max(axis=1), np.abs(before) if factor else 0)
    assert (np.abs(got[:, :FRAME] - exact).max(axis=1) <= np.maximum(loudest, 1) * 2.0**-26).all()
    assert not frames[0, :, FRAME:].any()
    assert frames.min() >= -(2**28) and frames.max() < 2**28
    if not factor:
        assert np.abs(frames[0, -1]).max() >= 2**27, "little of the 32 bits is used"


def test_state_goes_on_between_calls() -> None:
    row = ROWS["emphasis, gaps"]
    x = np.stack((samples(row), samples(row)[::-1]))
    state = (np.zeros((2, 1), np.int16),)
    whole, _ = block(row).apply((x,), state)
    parts_state = (np.zeros((2, 1), np.int16),)
    parts = [block(row).apply((x[:, i : i + 5],), parts_state)[0] for i in range(0, x.shape[1], 5)]
    assert np.array_equal(whole, np.concatenate(parts, axis=1))
    assert np.array_equal(state[0], parts_state[0])
