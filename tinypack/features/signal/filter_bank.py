"""SignalFilterBank: sums of energies under triangles that overlap by half."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinypack.features.protocol import Array, Arrays, Block
from tinypack.features.rows import by_rows
from tinypack.ops.protocol import Param, Table


@dataclass(frozen=True)
class Slope:
    """Bins between the centres of two filters: what they give to the filter that rises, and to the one that falls."""

    start: int
    rising: tuple[int, ...]  # 0..2^15 - 1
    falling: tuple[int, ...]

    def trimmed(self) -> Slope:
        """Leave out bins at the ends that give nothing."""
        given = [i for i, pair in enumerate(zip(self.rising, self.falling, strict=True)) if any(pair)]
        if not given:
            return Slope(0, (), ())
        inner = slice(given[0], given[-1] + 1)
        return Slope(self.start + given[0], self.rising[inner], self.falling[inner])


@dataclass(frozen=True)
class SignalFilterBank(Block):
    """Filter i rises along slope i and falls along slope i + 1."""

    bins: int
    slopes: tuple[Slope, ...]  # one more than filters

    KERNEL: ClassVar[str] = "signal_filter_bank_u64"
    BRIEF: ClassVar[str] = "filter bank"

    @property
    def channels(self) -> int:
        return len(self.slopes) - 1

    @property
    def inputs(self) -> tuple[Array, ...]:
        return (Array("uint32_t", self.bins),)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return (Array("uint64_t", self.channels),)

    def params(self) -> tuple[tuple[str, Param], ...]:
        pairs = [pair for slope in self.slopes for pair in zip(slope.falling, slope.rising, strict=True)]
        return (
            ("weight", Table("uint16_t", np.array(pairs, np.uint16).reshape(-1))),
            ("start", Table("uint16_t", np.array([slope.start for slope in self.slopes], np.uint16))),
            ("width", Table("uint16_t", np.array([len(slope.rising) for slope in self.slopes], np.uint16))),
            ("channels", self.channels),
        )

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        return by_rows(self._filtered, *inputs)

    def _filtered(self, energy: np.ndarray) -> Arrays:
        # Below 2^32 * 2^15 * bins: int64 holds it.
        out = np.zeros((len(energy), self.channels + 2), np.int64)
        for i, slope in enumerate(self.slopes):
            seen = energy[:, slope.start : slope.start + len(slope.rising)]
            out[:, i + 1] += seen @ np.array(slope.rising, np.int64)
            out[:, i] += seen @ np.array(slope.falling, np.int64)
        return (out[:, 1:-1].astype(np.uint64),)
