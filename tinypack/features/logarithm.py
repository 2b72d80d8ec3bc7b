"""From values of a wide range to features: logarithms, or the values themselves."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinypack.features.halves import joined
from tinypack.features.protocol import Array, Arrays, Block
from tinypack.features.rows import by_rows
from tinypack.ops.protocol import Param, Table

ONE = 1 << 24  # of binary logarithms
LOG2 = np.rint(np.log2(1 + np.arange(66) / 64) * ONE).astype(np.int64)
PART = 25  # bits of the way from one entry to the next


@dataclass(frozen=True)
class _OfEnergies(Block):
    """What takes 64-bit numbers x and the exponent of what they were made of to features."""

    length: int
    order: int  # 1: x are magnitudes; 2: powers

    @property
    def inputs(self) -> tuple[Array, ...]:
        return Array("uint32_t", 2 * self.length), Array("int32_t", 1)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return (Array("int32_t", self.length),)


@dataclass(frozen=True)
class Logarithm(_OfEnergies):
    """log2(x * 2^(order * exponent) + offset * 2^offset_exponent) * factor + bias, / 2^shift, within limits."""

    factor: int
    bias: int
    shift: int
    offset: int  # 0, or 2^31..2^32 - 1
    offset_exponent: int
    up: int  # x are below 2^(63 - up); 0 without an offset
    lowest: int  # also the logarithm of 0
    highest: int

    KERNEL: ClassVar[str] = "log_u64"
    BRIEF: ClassVar[str] = "logarithm"

    @property
    def work(self) -> int:
        """Count additions of the offset."""
        return self.length if self.offset else 0

    def params(self) -> tuple[tuple[str, Param], ...]:
        more = self._more
        return (
            ("log2", Table("int32_t", LOG2.astype(np.int32))),
            ("bias", self.bias << more),
            ("factor", self.factor << more),
            ("shift", self.shift + more),
            ("offset", self.offset),
            ("offset_exponent", self.offset_exponent),
            ("up", self.up),
            ("order", self.order),
            ("lowest", self.lowest),
            ("highest", self.highest),
            ("length", self.length),
        )

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        return by_rows(self._compute, *inputs)

    @property
    def _more(self) -> int:
        """How far factor, bias and shift can grow together towards a shift of 32: it takes half of a 64-bit number."""
        room = min(31 - self.factor.bit_length(), 62 - self.bias.bit_length())
        return max(min(32 - self.shift, room), 0)

    def _compute(self, x: np.ndarray, exponent: np.ndarray) -> Arrays:
        x = joined(x)
        scale = self.order * exponent - self.up
        place = self.offset_exponent - scale if self.offset else np.zeros_like(scale)
        down = np.maximum(place - 30, 0)
        rounded = ((self.offset << 1 >> np.clip(-place, 0, 33)) + 1) >> 1
        offset = np.where(place > 0, self.offset << np.clip(place, 0, 30), rounded).astype(np.uint64)
        moved = x << np.uint64(self.up) >> np.minimum(down, 63).astype(np.uint64)
        x = np.where(down < 64, moved, np.uint64(0)) + offset
        log = log2(np.maximum(x, np.uint64(1))) + (scale + down) * ONE
        result = np.clip((log * self.factor + self.bias) >> self.shift, self.lowest, self.highest)
        return (np.where(x == 0, self.lowest, result).astype(np.int32),)


@dataclass(frozen=True)
class Linear(_OfEnergies):
    """x * 2^(order * exponent) * factor / 2^shift, rounded to nearest, up to a limit."""

    factor: int  # 2^31..2^32 - 1
    shift: int
    highest: int

    KERNEL: ClassVar[str] = "linear_u64"
    BRIEF: ClassVar[str] = "scale"

    def params(self) -> tuple[tuple[str, Param], ...]:
        return (
            ("factor", self.factor),
            ("shift", self.shift),
            ("order", self.order),
            ("highest", self.highest),
            ("length", self.length),
        )

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        return by_rows(self._compute, *inputs)

    def _compute(self, x: np.ndarray, exponent: np.ndarray) -> Arrays:
        x = joined(x)
        zeros = leading_zeros(np.maximum(x, np.uint64(1)))
        product = (x << zeros.astype(np.uint64) >> np.uint64(32)) * np.uint64(self.factor)
        down = self.shift - self.order * exponent - 32 + zeros
        rounded = (product >> (np.clip(down, 32, 64) - 1).astype(np.uint64)) + np.uint64(1) >> np.uint64(1)
        result = np.where(down < 32, self.highest, np.minimum(rounded, np.uint64(self.highest)).astype(np.int64))
        return (np.where((down > 64) | (x == 0), 0, result).astype(np.int32),)


def leading_zeros(x: np.ndarray) -> np.ndarray:
    """Count zero bits above the highest set one of unsigned 64-bit numbers that are not 0."""
    # Without the bit below the highest one, float64 does not round up to the next power of 2.
    _, used = np.frexp((x & ~(x >> np.uint64(1))).astype(np.float64))
    zeros: np.ndarray = 64 - used.astype(np.int64)
    return zeros


def log2(x: np.ndarray) -> np.ndarray:
    """Give binary logarithms, Q24, of unsigned 64-bit numbers that are not 0, within 2^-20."""
    zeros = leading_zeros(x)
    mantissa = (x << zeros.astype(np.uint64) >> np.uint64(32)).astype(np.int64)
    i, part = (mantissa >> PART) & 63, mantissa & ((1 << PART) - 1)
    slope = LOG2[i + 1] - LOG2[i]
    bend = LOG2[i + 2] - LOG2[i + 1] - slope
    between = (part * ((1 << PART) - part)) >> (PART + 1)
    log: np.ndarray = (63 - zeros) * ONE + LOG2[i] + ((part * slope - between * bend) >> PART)
    return log


def float_parts(x: float) -> tuple[int, int]:
    """Give mantissa, 2^31..2^32 - 1, and exponent of a positive number."""
    mantissa, exponent = math.frexp(x)
    fixed = round(mantissa * 2.0**32)
    return (fixed, exponent - 32) if fixed < 2**32 else (2**31, exponent - 31)
