"""Positive numbers of any size with 32 significant bits: the NumPy side of tp_scaled.h, bit by bit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MOST = 2**31 - 1


@dataclass(frozen=True, eq=False)
class Scaled:
    """mantissa * 2^exponent; bit 31 of the mantissa is set unless the number is 0.

    Each operation rounds down in the last bit: a relative error below 2^-31, of a root below 2^-30.
    """

    mantissa: np.ndarray  # uint64, below 2^32
    exponent: np.ndarray  # int64

    def __mul__(self, other: Scaled) -> Scaled:
        return scaled(self.mantissa * other.mantissa, self.exponent + other.exponent)

    def __truediv__(self, other: Scaled) -> Scaled:
        """Divide; where the divisor is 0, the result means nothing."""
        divisor = np.maximum(other.mantissa, np.uint64(1))
        return scaled((self.mantissa << np.uint64(32)) // divisor, self.exponent - other.exponent - 32)

    def root(self) -> Scaled:
        up = 32 - (self.exponent & 1)
        return scaled(root(self.mantissa << up.astype(np.uint64)), (self.exponent - up) >> 1)

    def fixed(self, bits: int) -> np.ndarray:
        """Give fixed point with so many bits behind the point, rounded to nearest, saturated: int64."""
        down = -(self.exponent + bits)
        within = np.clip(down, 1, 33).astype(np.uint64)
        half = np.uint64(1) << (within - np.uint64(1))
        nearest = np.minimum((self.mantissa + half) >> within, np.uint64(MOST)).astype(np.int64)
        return np.where((self.mantissa == 0) | (down > 32), 0, np.where(down <= 0, MOST, nearest))

    def log2(self) -> np.ndarray:
        """Give the logarithm to base 2, Q20, rounded down: int64. The error is below 2^-19; 0 has none."""
        m, log = self.mantissa, self.exponent + 31
        for _ in range(20):
            square = m * m
            carry = square >> np.uint64(63)
            m = square >> (np.uint64(31) + carry)
            log = 2 * log + carry.astype(np.int64)
        return log


def scaled(x: np.ndarray, exponent: np.ndarray | int = 0) -> Scaled:
    """Give x * 2^exponent. x: uint64"""
    zeros = 64 - bit_length(x)
    mantissa = (x << np.minimum(zeros, 63).astype(np.uint64)) >> np.uint64(32)
    return Scaled(mantissa, np.where(x == 0, 0, exponent + 32 - zeros))


def bit_length(x: np.ndarray) -> np.ndarray:
    """Give how many bits the numbers have. x: uint64"""
    high = (x >> np.uint64(32)).astype(np.float64)
    low = (x & np.uint64(0xFFFFFFFF)).astype(np.float64)
    bits: np.ndarray = np.where(high > 0, 32 + np.frexp(high)[1], np.frexp(low)[1])
    return bits.astype(np.int64)


def root(x: np.ndarray) -> np.ndarray:
    """Give square roots, rounded down. x: uint64"""
    found = np.minimum(np.sqrt(x.astype(np.float64)), 2.0**32 - 1).astype(np.uint64)
    found -= found * found > x
    more = np.minimum(found + np.uint64(1), np.uint64(2**32 - 1))
    return np.where(more * more <= x, more, found)


def root_nearest(x: np.ndarray) -> np.ndarray:
    """Give square roots, rounded to nearest, as int64. x: uint64 below 2^62"""
    found = root(x)
    nearest: np.ndarray = found + (x - found * found > found)
    return nearest.astype(np.int64)
