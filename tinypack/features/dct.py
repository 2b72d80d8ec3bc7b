"""A matrix over a frame's features: the discrete cosine transform, normalisation and lifter included."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinypack.features.protocol import Array, Arrays, Block
from tinypack.features.rows import by_rows
from tinypack.ops.protocol import Param, Table

BITS = 28  # of the matrix after the point; its rows' absolute sums are at most 4


@dataclass(frozen=True, eq=False)
class Dct(Block):
    """matrix * input / 2^28, rounded to nearest."""

    matrix: np.ndarray  # int64 [outputs, inputs]

    KERNEL: ClassVar[str] = "dct_s32"
    BRIEF: ClassVar[str] = "cosine transform"

    @property
    def inputs(self) -> tuple[Array, ...]:
        return (Array("int32_t", self.matrix.shape[1]),)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return (Array("int32_t", self.matrix.shape[0]),)

    def params(self) -> tuple[tuple[str, Param], ...]:
        outputs, inputs = self.matrix.shape
        table = Table("int32_t", self.matrix.ravel().astype(np.int32))
        return ("matrix", table), ("inputs", inputs), ("outputs", outputs)

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        return by_rows(lambda x: ((x @ self.matrix.T + (1 << (BITS - 1))) >> BITS,), *inputs)


def dct(matrix: np.ndarray) -> tuple[Dct, float]:
    """Make the block of a real matrix; outputs are at most four times as large as inputs.

    Returns it, and what one step of its output is worth if one of its input is worth 1.
    """
    largest = float(np.abs(matrix).sum(axis=1).max())
    unit = 2.0 ** max(math.ceil(math.log2(largest / 3.999)), 0)
    return Dct(np.rint(matrix / unit * 2.0**BITS).astype(np.int64)), unit
