from __future__ import annotations

import numpy as np
import pytest

from tests.kernels.rows import Random
from tinypack.ops.arithmetic import clamp, multiplier_below_one, requantize
from tinypack.ops.linear_sum import Addend, Linear, Total, linear_sum, outputs

SPARE_BITS = 20
#: Scales of inputs and output, zero points, sign, least output.
ROWS = [
    ((0.11, 0.137, 0.143), (38, -2, -128), 1, -128),
    ((0.11, 0.137, 0.143), (38, -2, -128), -1, -128),
    ((0.02, 0.4, 0.3), (-128, 127, 5), 1, -128),
    ((0.05, 0.05, 0.031), (-1, -1, 0), -1, 0),
]


def arguments(
    scales: tuple[float, float, float], zero_points: tuple[int, int, int], sign: int, low: int, high: int = 127
) -> tuple[Addend, Addend, int, Total, int]:
    twice = 2 * max(scales[:2])
    first, second = (
        Addend(zero, *multiplier_below_one(scale / twice)) for scale, zero in zip(scales[:2], zero_points, strict=False)
    )
    total = Total(*multiplier_below_one(twice / 2**SPARE_BITS / scales[2]), zero_points[2], low, high)
    return first, second, sign, total, SPARE_BITS


@pytest.mark.parametrize("row", ROWS)
def test_it_gives_what_three_roundings_give(
    row: tuple[tuple[float, float, float], tuple[int, int, int], int, int],
) -> None:
    first, second, sign, total, _ = given = arguments(*row)
    linear = linear_sum(*given)
    assert linear
    found = outputs(linear)

    def scaled(q: int, of: Addend) -> int:
        return requantize((q - of.zero_point) << SPARE_BITS, of.multiplier, of.shift)

    for a in range(-128, 128, 5):  # coprime to 3: all residues of either
        for b in range(-128, 128, 3):
            sum_ = scaled(a, first) + sign * scaled(b, second)
            want = clamp(requantize(sum_, total.multiplier, total.shift) + total.zero_point, total.low, 127)
            assert found[a + 128, b + 128] == want, (a, b)


def test_almost_all_scales_have_one() -> None:
    draw = Random("linear sum")
    found = [
        linear_sum(
            *arguments(
                (0.1 * 2 ** draw.uniform(-2, 2), 0.1 * 2 ** draw.uniform(-2, 2), 0.45),
                (draw.zero_point(), draw.zero_point(), draw.zero_point()),
                draw.choice((1, -1)),
                -128,
            )
        )
        for _ in range(20)
    ]
    assert all(found)


@pytest.mark.parametrize(
    ("scales", "high"),
    [
        ((1.0, 0.5, 1.0), 127),  # ties, which go away from zero
        ((1.0, 1.0, 0.01), 127),  # sums beyond 10 bits
        ((0.11, 0.137, 0.143), 42),  # RELU6
    ],
)
def test_others_have_none(scales: tuple[float, float, float], high: int) -> None:
    assert linear_sum(*arguments(scales, (0, 0, 0), 1, -128, high)) is None


def test_factors_are_even_and_sums_fit_32_bits() -> None:
    for row in ROWS:
        linear = linear_sum(*arguments(*row))
        assert isinstance(linear, Linear)
        assert linear.factor_1 % 2 == linear.factor_2 % 2 == 0
        ends = [(linear.factor_1 * a >> 8) + (linear.factor_2 * b >> 8) for a in (-128, 127) for b in (-128, 127)]
        assert all(np.iinfo(np.int32).min <= linear.offset + end <= np.iinfo(np.int32).max for end in ends)
