"""Powers and magnitudes of a spectrum's bins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinypack.features.halves import halves
from tinypack.features.protocol import Array, Arrays, Block
from tinypack.features.rows import by_rows
from tinypack.features.squares import nearest_root
from tinypack.ops.protocol import Param


@dataclass(frozen=True)
class _OfBins(Block):
    """What takes complex bins, which are below 2^31, to 64-bit numbers."""

    bins: int

    IN_PLACE: ClassVar[bool] = True

    @property
    def inputs(self) -> tuple[Array, ...]:
        return (Array("int32_t", 2 * self.bins),)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return (Array("uint32_t", 2 * self.bins),)

    def params(self) -> tuple[tuple[str, Param], ...]:
        return (("length", self.bins),)


class Power(_OfBins):
    """Squared magnitudes."""

    KERNEL: ClassVar[str] = "power_s32"
    BRIEF: ClassVar[str] = "power"

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        return by_rows(lambda x: (halves(_power(x)),), *inputs)


class Magnitude(_OfBins):
    """Magnitudes, rounded to nearest."""

    KERNEL: ClassVar[str] = "magnitude_s32"
    BRIEF: ClassVar[str] = "magnitude"

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        return by_rows(lambda x: (halves(nearest_root(_power(x)).astype(np.uint64)),), *inputs)


def _power(x: np.ndarray) -> np.ndarray:
    power: np.ndarray = x[:, 0::2] ** 2 + x[:, 1::2] ** 2
    return power.astype(np.uint64)
