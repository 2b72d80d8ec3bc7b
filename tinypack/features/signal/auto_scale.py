"""SignalFftAutoScale: a frame moved up as far as 16 bits allow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinypack.features.protocol import Array, Arrays, Block
from tinypack.features.rows import by_rows
from tinypack.ops.protocol import Param

LOWEST = -(2**15)


@dataclass(frozen=True)
class SignalFftAutoScale(Block):
    """y = x * 2^bits, with the bits beside it.

    The original negates -32768 in 16 bits, so that its running maximum falls to -32768 and begins anew: the bits are
    then those of what follows, and what came before may overflow. This does the same.
    """

    length: int

    KERNEL: ClassVar[str] = "signal_fft_auto_scale_s16"
    IN_PLACE: ClassVar[bool] = True
    BRIEF: ClassVar[str] = "scale to 16 bits"

    @property
    def inputs(self) -> tuple[Array, ...]:
        return (Array("int16_t", self.length),)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return Array("int16_t", self.length), Array("int32_t", 1)

    def params(self) -> tuple[tuple[str, Param], ...]:
        return (("length", self.length),)

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        return by_rows(self._scaled, *inputs)

    def _scaled(self, x: np.ndarray) -> Arrays:
        most = np.abs(x).max(axis=1, keepdims=True)
        (falling,) = np.nonzero(most[:, 0] == -LOWEST)
        if len(falling):
            most[falling] = _running_maximum(x[falling])
        _, used = np.frexp(most.astype(np.float64))
        bits = np.where(most > 0, 15 - used, 0).astype(np.int64)
        return (x << bits).astype(np.int16), bits.astype(np.int32)


def _running_maximum(x: np.ndarray) -> np.ndarray:
    most = np.zeros((len(x), 1), np.int64)
    for i in range(x.shape[1]):
        value = x[:, i : i + 1]
        negated = np.where(value == LOWEST, LOWEST, -value)
        most = np.where(value > most, value, np.where(-value > most, negated, most))
    return most
