from __future__ import annotations

import math

import numpy as np
import pytest

from tinypack.features.scaled import Scaled, bit_length, root, root_nearest, scaled

RNG = np.random.default_rng(1)
NUMBERS = np.concatenate(
    (
        np.array([0, 1, 2, 3, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**53 + 1, 2**62, 2**63, 2**64 - 1], np.uint64),
        RNG.integers(0, 2**63, 200, dtype=np.uint64) >> RNG.integers(0, 63, 200, dtype=np.uint64),
        np.array([k * k + d for k in (2**16, 2**26 + 1, 2**30 - 1) for d in (-1, 0, 1)], np.uint64),
    )
)


def real(number: Scaled) -> np.ndarray:
    return np.ldexp(number.mantissa.astype(np.float64), number.exponent.astype(np.int32))


def test_bits_and_roots() -> None:
    assert bit_length(NUMBERS).tolist() == [int(x).bit_length() for x in NUMBERS]
    assert root(NUMBERS).tolist() == [math.isqrt(int(x)) for x in NUMBERS]
    below = NUMBERS[NUMBERS < 2**62]
    assert root_nearest(below).tolist() == [math.isqrt(4 * int(x)) + 1 >> 1 for x in below]


def test_numbers_are_within_their_bounds() -> None:
    a, b = NUMBERS, NUMBERS[::-1][NUMBERS[::-1] != 0]
    np.testing.assert_allclose(real(scaled(a, 7)), a.astype(np.float64) * 128, rtol=2**-31)
    n = min(len(a), len(b))
    x, y = scaled(a[:n], -3), scaled(b[:n], 90)
    np.testing.assert_allclose(real(x * y), real(x) * real(y), rtol=2**-31)
    np.testing.assert_allclose(real(x / y), real(x) / real(y), rtol=2**-31)
    np.testing.assert_allclose(real(x.root()), np.sqrt(real(x)), rtol=2**-30)


def test_logarithm() -> None:
    numbers = scaled(NUMBERS[NUMBERS > 0], -70)
    error = numbers.log2() * 2.0**-20 - np.log2(real(numbers))
    assert -(2**-19) < error.min() < error.max() <= 1e-12


@pytest.mark.parametrize(
    ("x", "exponent", "bits", "expected"),
    [
        (0, 0, 16, 0),
        (3, -1, 0, 2),
        (1, -1, 0, 1),
        (1, -2, 0, 0),
        (5, 0, 4, 80),
        (1, 31, 0, 2**31 - 1),
        (7, 90, 0, 2**31 - 1),
        (1, -200, 16, 0),
        (2**31 - 1, 0, 0, 2**31 - 1),
        (2**64 - 1, -33, 0, 2**31 - 1),
        (2**32 - 1, -32, 0, 1),
    ],
)
def test_fixed_point(x: int, exponent: int, bits: int, expected: int) -> None:
    assert scaled(np.array([x], np.uint64), exponent).fixed(bits).tolist() == [expected]
