"""SignalWindow: samples times a window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinypack.features.protocol import Array, Arrays, Block
from tinypack.features.rows import by_rows
from tinypack.ops.protocol import Param, Table


@dataclass(frozen=True)
class SignalWindow(Block):
    """y = x * weight / 2^shift, rounded down, saturated."""

    weights: tuple[int, ...]  # int16
    shift: int  # 0..31

    KERNEL: ClassVar[str] = "signal_window_s16"
    IN_PLACE: ClassVar[bool] = True
    BRIEF: ClassVar[str] = "window"

    @property
    def inputs(self) -> tuple[Array, ...]:
        return (Array("int16_t", len(self.weights)),)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return (Array("int16_t", len(self.weights)),)

    def params(self) -> tuple[tuple[str, Param], ...]:
        weights = Table("int16_t", np.array(self.weights, np.int16))
        return ("weight", weights), ("length", len(self.weights)), ("shift", self.shift)

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        return by_rows(self._windowed, *inputs)

    def _windowed(self, x: np.ndarray) -> Arrays:
        scaled = x * np.array(self.weights, np.int64) >> self.shift
        return (np.clip(scaled, -(2**15), 2**15 - 1).astype(np.int16),)
