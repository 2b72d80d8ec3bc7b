from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.features.harness import assert_same, block_case
from tests.kernels.targets import Target
from tinypack.features.halves import halves
from tinypack.features.logarithm import ONE, Linear, Logarithm, float_parts, leading_zeros, log2

RANDOM = np.random.default_rng(4)
LENGTH, LIMIT = 64, 2**28
POWERS = [2**i + d for i in range(63) for d in (-1, 0, 1) if 0 < 2**i + d < 2**63]
NUMBERS = np.array(
    [*POWERS, *(int(x) >> int(s) for x in RANDOM.integers(1, 2**63 - 1, 900) for s in [x % 60]), 0, 2**63 - 1]
)
FRAMES = np.resize(NUMBERS, (24, LENGTH)).astype(np.uint64)
EXPONENTS = np.array([-70, -40, -33, -31, -20, -11, -8, -3, 0, 1, 5, 17])[np.arange(24) % 12][:, np.newaxis]
#: ln in steps of 2^-20.
STEP, SHIFT = 2.0**-20, 33
FACTOR = round(np.log(2) / STEP / ONE * 2.0**SHIFT)


def natural(
    order: int, offset: float = 0.0, lowest: int = -LIMIT, highest: int = LIMIT, bias: float = 0.0
) -> Logarithm:
    whole = round(bias / STEP * 2**SHIFT) + 2 ** (SHIFT - 1)
    mantissa, exponent = float_parts(offset) if offset else (0, 0)
    return Logarithm(LENGTH, order, FACTOR, whole, SHIFT, mantissa, exponent, 0, lowest, highest)


LOGS = {
    "power": natural(2),
    "magnitude, bias": natural(1, bias=-20.5),
    "floor and ceiling": natural(2, lowest=-(2**21), highest=2**22),
    "small offset": natural(1, offset=1e-6),
    "offset of 1": natural(2, offset=1.0),
    "huge offset": natural(2, offset=1e30),
    "tiny offset": natural(2, offset=2.0**-150),
}
LOGS["offset, with room"] = replace(LOGS["small offset"], up=32)
LINEARS = {
    "magnitude": Linear(LENGTH, 1, 2**31, 45, LIMIT),
    "power": Linear(LENGTH, 2, 3141592653, 60, LIMIT),
    "saturates": Linear(LENGTH, 2, 2**32 - 1, 10, 1000),
}


def test_kernels(tmp_path: Path, target: Target) -> None:
    logs = [block_case(name, log, halves(FRAMES >> np.uint64(log.up)), EXPONENTS) for name, log in LOGS.items()]
    linears = [block_case(name, linear, halves(FRAMES), EXPONENTS) for name, linear in LINEARS.items()]
    assert_same(logs + linears, tmp_path, target)


@pytest.mark.parametrize("block", LOGS.values(), ids=LOGS)
def test_is_the_logarithm(block: Logarithm) -> None:
    frames = FRAMES >> np.uint64(block.up)
    (got,) = block.apply((halves(frames)[np.newaxis], EXPONENTS[np.newaxis]), ())
    bias = (block.bias - 2 ** (SHIFT - 1)) * STEP / 2.0**SHIFT
    with np.errstate(divide="ignore"):
        values = frames * 2.0 ** (block.order * EXPONENTS) + block.offset * 2.0**block.offset_exponent
        exact = np.clip(np.log(values) + bias, block.lowest * STEP, block.highest * STEP)
    # Offsets are rounded to steps of the values, or of 2^-up of them.
    steps = values / 2.0 ** (block.order * EXPONENTS - block.up)
    allowed = 2.0**-19 + np.divide(0.51 * (block.offset > 0), steps, out=np.full(steps.shape, np.inf), where=steps > 1)
    assert (np.abs(got[0] * STEP - exact) <= allowed).all()


@pytest.mark.parametrize("block", LINEARS.values(), ids=LINEARS)
def test_is_the_value(block: Linear) -> None:
    (got,) = block.apply((halves(FRAMES)[np.newaxis], EXPONENTS[np.newaxis]), ())
    exact = np.minimum(FRAMES * 2.0 ** (block.order * EXPONENTS - block.shift) * block.factor, block.highest)
    assert (np.abs(got[0] - exact) <= 0.5 + exact * 2.0**-30).all()


def test_binary_logarithm() -> None:
    x = NUMBERS[NUMBERS > 0].astype(np.uint64)
    assert np.abs(log2(x) / ONE - np.log2(x.astype(np.float64))).max() < 2.0**-20
    assert [64 - int(n).bit_length() for n in x] == leading_zeros(x).tolist()


@pytest.mark.parametrize("x", [1.0, 0.9999999999, 1e-30, 3e30])
def test_float_parts(x: float) -> None:
    mantissa, exponent = float_parts(x)
    assert 2**31 <= mantissa < 2**32
    assert abs(mantissa * 2.0**exponent / x - 1) < 2.0**-31
