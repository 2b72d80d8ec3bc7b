"""SignalEnergy: the squared magnitudes of a range of bins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinypack.features.protocol import Array, Arrays, Block
from tinypack.features.rows import by_rows
from tinypack.ops.protocol import Param


@dataclass(frozen=True)
class SignalEnergy(Block):
    """re^2 + im^2 of bins start..end - 1, 0 of the others."""

    bins: int
    start: int
    end: int

    KERNEL: ClassVar[str] = "signal_energy_s16"  # the halves of an element are of another type than the whole
    BRIEF: ClassVar[str] = "energy of the bins"

    @property
    def inputs(self) -> tuple[Array, ...]:
        return (Array("int16_t", 2 * self.bins),)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return (Array("uint32_t", self.bins),)

    def params(self) -> tuple[tuple[str, Param], ...]:
        return ("bins", self.bins), ("start", self.start), ("end", self.end)

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        return by_rows(self._energy, *inputs)

    def _energy(self, x: np.ndarray) -> Arrays:
        energy = np.zeros((len(x), self.bins), np.uint32)
        squares = x[:, 2 * self.start : 2 * self.end] ** 2
        energy[:, self.start : self.end] = squares[:, 0::2] + squares[:, 1::2]
        return (energy,)
