"""Products of a number with a real factor in integers, up to a cap: the Python side of tp_ratio.h."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

MULTIPLIER_BITS = 30
MOST_SHIFT = 62
MOST_SUM = (1 << 62) - 1
#: So many squares of numbers up to 2^23 can be added.
MOST_FEATURES = 1 << 16


@dataclass(frozen=True)
class Ratio:
    """x >> drop, times multiplier / 2^shift, rounded down; `cap` where x is `most` or more. x: 0..2^62 - 1"""

    most: int
    drop: int
    multiplier: int
    shift: int
    cap: int

    def of(self, x: np.ndarray) -> np.ndarray:
        """Compute it for int64 numbers as tp_ratio does."""
        product = (np.minimum(x, self.most) >> self.drop) * self.multiplier >> self.shift
        return np.where(x >= self.most, self.cap, product)


def ratio(factor: float, cap: int) -> Ratio:
    """Make the integers for x * factor: 30 bits of x below the cap count; from a factor of 2^30 on 1 reaches the cap.

    Units: factor > 0; cap up to 2^44
    """
    most = min(math.floor(cap / factor), MOST_SUM) if factor < 1 << MULTIPLIER_BITS else 1
    drop = max(most.bit_length() - MULTIPLIER_BITS, 0)
    multiplier, shift = fixed(factor * 2.0**drop, MULTIPLIER_BITS)
    return Ratio(most, drop, multiplier, shift, cap)


def fixed(factor: float, bits: int) -> tuple[int, int]:
    """Give multiplier and shift with factor = multiplier / 2^shift, rounded down to `bits` bits; at most 2^bits - 1."""
    shift = min(max(bits - math.frexp(factor)[1], 0), MOST_SHIFT)
    return min(math.floor(factor * 2.0**shift), (1 << bits) - 1), shift
