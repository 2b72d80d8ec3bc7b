"""SignalFilterBankLog: natural logarithms."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np

from tinypack.features.protocol import Array, Arrays, Block
from tinypack.ops.protocol import Param, Table

SEGMENTS_LOG2 = 7
HALF = 1 << 15
LN_2 = round(math.log(2) * 2**16)
HIGHEST = 2**15 - 1


@dataclass(frozen=True)
class SignalLog(Block):
    """y = scale * ln(x * 2^correction), at most 32767; 0 where x * 2^correction is below 2."""

    length: int
    scale: int  # 1..2^11 - 1, so that 32 bits hold the product
    correction_bits: int  # 0..31

    KERNEL: ClassVar[str] = "signal_log_u32"
    IN_PLACE: ClassVar[bool] = True
    BRIEF: ClassVar[str] = "logarithm"

    @property
    def inputs(self) -> tuple[Array, ...]:
        return (Array("uint32_t", self.length),)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return (Array("int32_t", self.length),)

    def params(self) -> tuple[tuple[str, Param], ...]:
        return (
            ("bulge", Table("uint16_t", np.array(bulge(), np.uint16))),
            ("scale", self.scale),
            ("length", self.length),
            ("correction_bits", self.correction_bits),
        )

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        x = inputs[0].astype(np.int64) << self.correction_bits & 2**32 - 1
        table = np.array(bulge(), np.int64)
        _, used = np.frexp(np.maximum(x, 2).astype(np.float64))
        whole = used.astype(np.int64) - 1
        up, down = np.maximum(16 - whole, 0), np.maximum(whole - 16, 0)
        fraction = x - (1 << whole) << up >> down
        segment = fraction >> 16 - SEGMENTS_LOG2
        within = fraction - (segment << 16 - SEGMENTS_LOG2)
        # By 2^16, not by the segment's 2^9: so it came to be, and models are trained with it.
        between = (table[segment + 1] - table[segment]) * within >> 16
        log2 = (whole << 16) + fraction + table[segment] + between
        natural = LN_2 * log2 + HALF >> 16
        return (np.where(x > 1, np.minimum(self.scale * natural + HALF >> 16, HIGHEST), 0),)


@cache
def bulge() -> tuple[int, ...]:
    """How far log2(1 + x) lies above x, Q16, at 128ths."""
    steps = 1 << SEGMENTS_LOG2
    return tuple(round((math.log2(1 + i / steps) - i / steps) * 2**16) for i in range(steps + 1))
