"""Fixed-point arithmetic of the compiler."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import pytest

from tinypack.graph import Quantization
from tinypack.ops import arithmetic as a
from tinypack.ops.arithmetic import INT32_MAX, INT32_MIN


@pytest.mark.parametrize(
    ("x", "expected"),
    [(0.5, 1), (-0.5, -1), (0.49999999999999994, 1), (1.5, 2), (2.5, 3), (-2.5, -3), (2.0**60, 2**60), (0.0, 0)],
)
def test_round_half_away(x: float, expected: int) -> None:
    assert a.round_half_away(x) == expected


@pytest.mark.parametrize(
    ("real", "expected"),
    [
        (0.0, (0, 0)),
        (1.0, (2**30, 1)),
        (0.5, (2**30, 0)),
        (0.75, (3 * 2**29, 0)),
        (1 - 2**-40, (2**30, 1)),  # rounds up to the next power of two
        (2.0**-32, (2**30, -31)),
        (2.0**-33, (0, 0)),
        (2.0**30, (2**30, 31)),
    ],
)
def test_quantize_multiplier(real: float, expected: tuple[int, int]) -> None:
    assert a.quantize_multiplier(real) == expected


def test_quantize_multiplier_is_within_half_a_step() -> None:
    draw = random.Random(1)
    for _ in range(1000):
        real = 2.0 ** draw.uniform(-31, 31)
        multiplier, shift = a.quantize_multiplier(min(real, INT32_MAX))
        assert 2**30 <= multiplier < 2**31
        assert abs(Fraction(multiplier) * Fraction(2) ** (shift - 31) / Fraction(min(real, INT32_MAX)) - 1) <= Fraction(
            1, 2**31
        )


@pytest.mark.parametrize("real", [2.0**31, math.inf, math.nan])
def test_factors_beyond_32_bits(real: float) -> None:
    with pytest.raises(a.ScaleRatioError):
        a.quantize_multiplier(real)


@pytest.mark.parametrize("real", [0.0, 1.0, 1 - 2**-40, 1.5, math.inf, math.nan])
def test_factors_that_must_be_below_one(real: float) -> None:
    with pytest.raises(a.ScaleRatioError):
        a.multiplier_below_one(real)
    assert a.multiplier_below_one(0.25) == (2**30, -1)


@pytest.mark.parametrize(("x", "expected"), [(2**31, INT32_MIN), (-(2**31) - 1, INT32_MAX), (5 << 32, 0), (-7, -7)])
def test_wrap_int32(x: int, expected: int) -> None:
    assert a.wrap_int32(x) == expected


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [(1, 2**30, 1), (-1, 2**30, 0), (3, 2**30, 2), (-3, 2**30, -1), (INT32_MIN, INT32_MIN, INT32_MAX)],
)
def test_doubling_high_mul_rounds_ties_up(x: int, y: int, expected: int) -> None:
    assert a.doubling_high_mul(x, y) == expected


@pytest.mark.parametrize(
    ("x", "exponent", "expected"), [(5, 0, 5), (1, 1, 1), (-1, 1, -1), (5, 2, 1), (6, 2, 2), (-6, 2, -2), (-5, 2, -1)]
)
def test_rounding_shift_right_rounds_ties_away(x: int, exponent: int, expected: int) -> None:
    assert a.rounding_shift_right(x, exponent) == expected


@pytest.mark.parametrize(
    ("x", "real", "expected"),
    [(100, 1.0, 100), (-100, 1.0, -100), (3, 0.5, 2), (-3, 0.5, -1), (7, 2.0**-20, 0), (255, 2.0**26, -(2**26))],
)
def test_requantize(x: int, real: float, expected: int) -> None:
    # The last wraps as the C does: 255 * 2^27 does not fit 32 bits.
    assert a.requantize(x, *a.quantize_multiplier(real)) == expected


@pytest.mark.parametrize(
    ("activation", "scale", "zero_point", "expected"),
    [
        ("NONE", 0.1, 5, (-128, 127)),
        ("RELU", 0.1, 5, (5, 127)),
        ("RELU6", 0.1, 5, (5, 65)),
        ("RELU6", 0.01, 5, (5, 127)),
        ("RELU_N1_TO_1", 0.5, 0, (-2, 2)),
        ("RELU_N1_TO_1", 2 / 3, 1, (-1, 3)),  # 1.5 steps round away from zero
        ("RELU", 0.1, -128, (-128, 127)),
    ],
)
def test_activation_range(activation: str, scale: float, zero_point: int, expected: tuple[int, int]) -> None:
    assert a.activation_range(activation, Quantization((scale,), (zero_point,))) == expected
