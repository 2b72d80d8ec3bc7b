"""The integer arithmetic behind the logarithm, which takes features to a model's int8 input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinypack.features.protocol import Array, Arrays, Block
from tinypack.ops.protocol import Param


@dataclass(frozen=True)
class SignalRescale(Block):
    """y = (x * multiplier + addend) / divisor + offset, the quotient rounded towards 0, held between two limits.

    x * multiplier + addend is within 32 bits.
    """

    length: int
    multiplier: int
    addend: int
    divisor: int  # > 0
    offset: int
    lowest: int  # -128..127
    highest: int

    KERNEL: ClassVar[str] = "signal_rescale_s8"
    IN_PLACE: ClassVar[bool] = True
    BRIEF: ClassVar[str] = "scale to the model's input"

    @property
    def inputs(self) -> tuple[Array, ...]:
        return (Array("int32_t", self.length),)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return (Array("int8_t", self.length),)

    def params(self) -> tuple[tuple[str, Param], ...]:
        return (
            ("multiplier", self.multiplier),
            ("addend", self.addend),
            ("divisor", self.divisor),
            ("offset", self.offset),
            ("lowest", self.lowest),
            ("highest", self.highest),
            ("length", self.length),
        )

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        dividend = inputs[0].astype(np.int64) * self.multiplier + self.addend
        quotient = np.sign(dividend) * (np.abs(dividend) // self.divisor)
        return (np.clip(quotient + self.offset, self.lowest, self.highest).astype(np.int8),)
