"""A sum of two int8 tensors as one linear function of both, where that is exact.

The output is a function of two bytes, so all 65,536 pairs can be tried. The three roundings of TensorFlow Lite Micro's
sum move few of them from one side of a step to the other; slightly other constants put those right.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tinypack.ops.arithmetic import INT8_MAX, INT8_MIN, INT32_MAX

SUM_BITS = 21  # behind the point of the kernel's sum, 10 before it
FACTOR_BITS = SUM_BITS + 8  # of the factors: a product loses its lowest byte
NEAR = 128  # units of the sum from a step: further away no rounding matters
TILTS = range(-64, 65, 16)  # of the factors, to try
MOVES = range(-40, 41)  # of the offset, to try

BYTES = np.arange(INT8_MIN, INT8_MAX + 1, dtype=np.int64)


@dataclass(frozen=True)
class Addend:
    """One input: it is brought to the common scale by 2**spare_bits * multiplier * 2**(shift - 31)."""

    zero_point: int
    multiplier: int
    shift: int


@dataclass(frozen=True)
class Total:
    """How a sum becomes the output."""

    multiplier: int
    shift: int
    zero_point: int
    low: int
    high: int


@dataclass(frozen=True)
class Linear:
    """output = clamp((offset + (factor_1 * a >> 8) + (factor_2 * b >> 8)) >> SUM_BITS, act_min, 127).

    The factors are even: MVE doubles products.
    """

    factor_1: int
    factor_2: int
    offset: int
    act_min: int


def linear_sum(first: Addend, second: Addend, sign: int, total: Total, spare_bits: int) -> Linear | None:
    """Find a linear function that gives each pair of inputs what TensorFlow Lite Micro gives it."""
    if total.high != INT8_MAX:
        return None
    scale = total.multiplier * 2.0 ** (total.shift - 31)
    factors = [
        side * of.multiplier * 2.0 ** (of.shift - 31 + spare_bits) * scale for of, side in ((first, 1), (second, sign))
    ]
    moved = total.zero_point + 0.5 - factors[0] * first.zero_point - factors[1] * second.zero_point
    factor_1, factor_2 = (_even(factor * 2**FACTOR_BITS) for factor in factors)
    near = Linear(factor_1, factor_2, round(moved * 2**SUM_BITS), total.low)
    if not _fits(near):
        return None
    wanted = _oracle(first, second, sign, total, spare_bits)
    found = _adjusted(near, wanted)
    return found if found and _fits(found) and (outputs(found) == wanted).all() else None


def outputs(of: Linear) -> np.ndarray:
    """Compute all pairs, the first input outermost, as the kernel does."""
    total = (of.factor_1 * BYTES >> 8)[:, np.newaxis] + (of.factor_2 * BYTES >> 8)
    clipped: np.ndarray = np.clip((of.offset + total) >> SUM_BITS, of.act_min, INT8_MAX)
    return clipped


def _even(x: float) -> int:
    return 2 * round(x / 2)


def _fits(of: Linear) -> bool:
    """Say whether factors and sums of any pair fit 32 bits, in whichever order they are added."""
    sizes = [abs(of.factor_1), abs(of.factor_2), abs(of.offset) + ((abs(of.factor_1) + abs(of.factor_2)) >> 1) + 2]
    return max(sizes) + NEAR * len(TILTS) <= INT32_MAX


def _oracle(first: Addend, second: Addend, sign: int, total: Total, spare_bits: int) -> np.ndarray:
    scaled = [_requantized((BYTES - of.zero_point) << spare_bits, of.multiplier, of.shift) for of in (first, second)]
    sums = scaled[0][:, np.newaxis] + sign * scaled[1]
    rescaled = _requantized(sums, total.multiplier, total.shift) + total.zero_point
    return rescaled.clip(total.low, total.high)


def _requantized(x: np.ndarray, multiplier: int, shift: int) -> np.ndarray:
    """Rescale as arithmetic.requantize does, many at once, by a shift of 0 or below."""
    high = (x * multiplier + 2**30) >> 31
    half = (1 << -shift) >> 1
    return np.where(high < 0, -((half - high) >> -shift), (half + high) >> -shift)


def _adjusted(start: Linear, wanted: np.ndarray) -> Linear | None:
    """Try constants around the start on the pairs that lie near a step; those near the start come first."""
    total = (start.factor_1 * BYTES >> 8)[:, np.newaxis] + (start.factor_2 * BYTES >> 8) + start.offset
    place = (total + NEAR) & ((1 << SUM_BITS) - 1)
    a, b = np.nonzero(place < 2 * NEAR)
    moves = np.array(sorted(MOVES, key=abs))
    for tilt_1, tilt_2 in sorted(((i, j) for i in TILTS for j in TILTS), key=lambda t: abs(t[0]) + abs(t[1])):
        factor_1, factor_2 = start.factor_1 + tilt_1, start.factor_2 + tilt_2
        sums = start.offset + (factor_1 * BYTES[a] >> 8) + (factor_2 * BYTES[b] >> 8)
        got = np.clip((sums + moves[:, np.newaxis]) >> SUM_BITS, start.act_min, INT8_MAX)
        right = np.flatnonzero((got == wanted[a, b]).all(axis=1))
        if len(right):
            return replace(start, factor_1=factor_1, factor_2=factor_2, offset=start.offset + int(moves[right[0]]))
    return None
