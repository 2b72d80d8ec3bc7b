from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.features.harness import Case, assert_same
from tests.kernels.targets import Target
from tinypack.features.protocol import Array, Chain, Step
from tinypack.features.rfft import Rfft

LENGTHS = (16, 32, 64, 128, 256, 512, 1024, 2048, 4096)
LIMIT = 2**28


def frames(length: int) -> np.ndarray:
    random = np.random.default_rng(length)
    n = np.arange(length)
    noise = random.integers(-LIMIT, LIMIT, (6, length)) >> np.array([0, 0, 5, 14, 24, 28])[:, np.newaxis]
    tones = [np.rint(np.cos(2 * np.pi * n * f / length) * (LIMIT - 1)) for f in (1, 2.7, length / 4, length / 2 - 1.5)]
    return np.stack(
        [
            np.full(length, -LIMIT),
            np.full(length, LIMIT - 1),
            np.where(n % 2, -LIMIT, LIMIT - 1),
            np.where(n % 4 < 2, -LIMIT, LIMIT - 1),
            np.where(n == 0, -LIMIT, 0),
            np.where(n == 5, LIMIT - 1, 0),
            np.zeros(length),
            np.ones(length),
            -np.ones(length),
            *noise,
            *tones,
        ]
    ).astype(np.int32)


def chain(length: int, output: str) -> Chain:
    block = Rfft(length)
    given = dict(zip(("x", "exponent"), block.inputs, strict=True))
    return Chain(given, (Step(block, ("x", "exponent"), ("bins", "scale")),), output)


def test_kernel(tmp_path: Path, target: Target) -> None:
    cases = []
    for length in LENGTHS:
        x = frames(length)
        exponents = np.arange(len(x))[:, np.newaxis] - 20
        given = {"x": x, "exponent": exponents}
        cases += [Case(f"{length} {output}", chain(length, output), given) for output in ("bins", "scale")]
    assert_same(cases, tmp_path, target)


@pytest.mark.parametrize("length", LENGTHS)
def test_is_the_transform(length: int) -> None:
    x = frames(length)
    bins, exponents = Rfft(length).apply((x[np.newaxis], np.full((1, len(x), 1), -28)), ())
    got = bins[0].reshape(len(x), -1, 2) * 2.0 ** exponents[0][..., np.newaxis]
    exact = np.fft.rfft(x * 2.0**-28)
    largest = np.abs(exact).max(axis=1, keepdims=True)
    errors = np.abs(got[..., 0] + 1j * got[..., 1] - exact)
    assert (errors <= largest * 2.0**-25.5).all()
    root_mean_square = np.sqrt((errors**2).mean(axis=1, keepdims=True))
    assert (root_mean_square <= largest * 2.0**-27).all()
    assert np.abs(bins).max() <= 2**30.6


def test_shapes() -> None:
    assert Rfft(64).inputs == (Array("int32_t", 64), Array("int32_t", 1))
    assert Rfft(64).outputs == (Array("int32_t", 66), Array("int32_t", 1))
