from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from tinypack.decisions.ratio import MOST_SUM, fixed, ratio

FACTORS = st.floats(1e-40, 2.0**30, exclude_max=True)
CAPS = st.sampled_from([1 << 22, 1 << 44])


@given(FACTORS, CAPS, st.integers(0, MOST_SUM - 1))
@example(1.0, 1 << 44, MOST_SUM - 1)
@example(2.0**-20, 1 << 44, (1 << 62) - 2)
@example(1e-40, 1 << 22, MOST_SUM - 1)
def test_is_near_the_product_and_never_above(factor: float, cap: int, x: int) -> None:
    found = ratio(factor, cap)
    assert max(found.most >> found.drop, found.multiplier) < 1 << 30
    for number in (x, min(found.most, MOST_SUM - 1), max(found.most - 1, 0), 0):
        exact = min(Fraction(factor) * number, cap)
        got = int(found.of(np.array(number)))
        # Rounding down, where the cap begins, and up to 2^-28 of the cap for bits that are dropped.
        assert got - 1 <= exact + factor and got >= exact * (1 - Fraction(1, 1 << 28)) - Fraction(cap, 1 << 28) - 1


def test_huge_factors_reach_the_cap_at_once() -> None:
    assert ratio(1e40, 1 << 22).of(np.array([0, 1, MOST_SUM])).tolist() == [0, 1 << 22, 1 << 22]


@given(st.floats(1e-18, 1e9), st.integers(8, 30))
def test_fixed(factor: float, bits: int) -> None:
    multiplier, shift = fixed(factor, bits)
    exact = Fraction(factor) * (1 << shift)
    assert multiplier <= exact and 0 <= shift <= 62
    if exact < 1 << bits:
        assert exact - multiplier < 1
