"""The last block: fixed-point features as the model's int8 input has them, normalisation included."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinypack.features.protocol import Array, Arrays, Block
from tinypack.ops.protocol import Param, Table

MULTIPLIER_BITS = 30
MOST_SHIFT = 46  # leaves 2^16 steps for the offset


@dataclass(frozen=True)
class Quantise(Block):
    """q = x * multiplier / 2^shift + offset, rounded to nearest (ties up), saturated to int8."""

    length: int
    multipliers: tuple[int, ...]  # one, or one a feature
    shifts: tuple[int, ...]
    offsets: tuple[int, ...]  # times 2^shift, with the half that rounds

    KERNEL: ClassVar[str] = "feature_quantise_s8"
    IN_PLACE: ClassVar[bool] = True
    BRIEF: ClassVar[str] = "normalise and quantise"

    @property
    def inputs(self) -> tuple[Array, ...]:
        return (Array("int32_t", self.length),)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return (Array("int8_t", self.length),)

    @property
    def work(self) -> int:
        """Count shifts below 32, which take more than the upper half of a 64-bit number."""
        return sum(shift < 32 for shift in self.shifts) * self.length // len(self.shifts)

    def params(self) -> tuple[tuple[str, Param], ...]:
        return (
            ("offset", Table("int64_t", np.array(self.offsets, np.int64))),
            ("multiplier", Table("int32_t", np.array(self.multipliers, np.int32))),
            ("shift", Table("uint8_t", np.array(self.shifts, np.uint8))),
            ("length", self.length),
            ("per_feature", int(len(self.multipliers) > 1)),
        )

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        columns = (np.array(table, np.int64) for table in (self.multipliers, self.shifts, self.offsets))
        multipliers, shifts, offsets = columns
        scaled = (inputs[0].astype(np.int64) * multipliers + offsets) >> shifts
        return (np.clip(scaled, -128, 127).astype(np.int8),)


def quantise(
    length: int,
    unit: float | Sequence[float],
    scale: float,
    zero_point: int,
    mean: Sequence[float] = (0.0,),
    std: Sequence[float] = (1.0,),
) -> Quantise:
    """Make the block for (x * unit - mean) / std in a model's quantisation.

    Shapes: unit, mean, std: 1 or `length` numbers
    """
    steps = (unit,) if isinstance(unit, (int, float)) else unit
    count = max(len(steps), len(mean), len(std))
    columns = (_repeated(values, count) for values in (steps, mean, std))
    rows = [_fixed(step / (sd * scale), zero_point - m / (sd * scale)) for step, m, sd in zip(*columns, strict=True)]
    multipliers, shifts, offsets = zip(*rows, strict=True)
    return Quantise(length, multipliers, shifts, offsets)


def _repeated(values: Sequence[float], count: int) -> Sequence[float]:
    return values if len(values) == count else list(values) * count


def _fixed(factor: float, offset: float) -> tuple[int, int, int]:
    """Give multiplier, shift and offset; a factor beyond 2^30 saturates every feature but 0 anyway."""
    shift = min(max(MULTIPLIER_BITS - math.frexp(factor)[1], 0), MOST_SHIFT)
    multiplier = min(round(factor * 2.0**shift), 2**31 - 1)
    limit = 2 ** (62 - 1)
    whole = min(max(round(offset * 2.0**shift), -limit), limit)
    return multiplier, shift, whole + (1 << shift >> 1)
