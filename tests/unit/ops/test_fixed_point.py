"""Fixed-point functions against exact ones; their last bits are compared with the oracle in tests/kernels."""

from __future__ import annotations

import math

import pytest

from tinypack.ops import fixed_point
from tinypack.ops.arithmetic import INT32_MAX

TOLERANCE = 5e-7  # of the polynomial that the oracle uses; an int8 step is 4e-3
INPUTS = [int(2**27 * x) for x in (-15.99, -7.3, -1.0, -0.25, -1e-3, -1e-8, 0.0, 1e-8, 0.1, 0.25, 0.7, 3.0, 15.99)]


@pytest.mark.parametrize("x", INPUTS)
def test_curves(x: int) -> None:
    real = x / 2**27
    assert fixed_point.logistic(x) / 2**31 == pytest.approx(1 / (1 + math.exp(-real)), abs=TOLERANCE)
    assert fixed_point.tanh(x) / 2**31 == pytest.approx(math.tanh(real), abs=TOLERANCE)


@pytest.mark.parametrize("x", INPUTS[:7])
def test_exp_of_negative(x: int) -> None:
    assert fixed_point.exp_of_negative(x, 4) / 2**31 == pytest.approx(math.exp(x / 2**27), abs=TOLERANCE)


@pytest.mark.parametrize("x", INPUTS)
def test_curves_stay_in_range(x: int) -> None:
    assert 0 <= fixed_point.logistic(x) <= INT32_MAX
    assert abs(fixed_point.tanh(x)) <= INT32_MAX


def test_tables_rise_and_saturate() -> None:
    table = fixed_point.int8_function(fixed_point.tanh, 7, 0.25, 0, 0)
    assert table == sorted(table)
    assert (table[0], table[128], table[255]) == (-128, 0, 127)
