"""SignalFilterBankSquareRoot: magnitudes from energies, moved down again by what the frame was moved up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinypack.features.protocol import Array, Arrays, Block
from tinypack.ops.protocol import Param


@dataclass(frozen=True)
class SignalFilterBankSquareRoot(Block):
    """y = sqrt(x) / 2^bits, x below 2^62: the root is rounded to nearest, the quotient down.

    The root does not round up to 65536 from below 2^32: the original's 16 bits don't hold it.
    """

    length: int

    KERNEL: ClassVar[str] = "signal_square_root_u64"
    BRIEF: ClassVar[str] = "square root"

    @property
    def inputs(self) -> tuple[Array, ...]:
        return Array("uint64_t", self.length), Array("int32_t", 1)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return (Array("uint32_t", self.length),)

    def params(self) -> tuple[tuple[str, Param], ...]:
        return (("length", self.length),)

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        x, bits = inputs
        return (rounded_root(x) >> bits.astype(np.uint64),)


def rounded_root(x: np.ndarray) -> np.ndarray:
    """Give the roots of uint64 numbers below 2^62, rounded to nearest, but not to 65536 from below 2^32."""
    root = np.sqrt(x.astype(np.float64)).astype(np.uint64)
    root -= (root * root > x).astype(np.uint64)  # a double may be 1 too high
    full = (root == 2**16 - 1) & (x < 2**32)
    rounded: np.ndarray = root + ((x - root * root > root) & ~full)
    return rounded
