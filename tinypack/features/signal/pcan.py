"""SignalPCAN: per-channel automatic gain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinypack.features.protocol import Array, Arrays, Block
from tinypack.ops.protocol import Param, Table

SNR_BITS = 12
OUTPUT_BITS = 6
TABLE_LENGTH = 125  # values at 0, 1, and 2 (then 3 empty), then the pieces of a parabola for each power of 2
FRACTION_BITS = 10
LOW_32 = np.uint64(2**32 - 1)


@dataclass(frozen=True)
class SignalPcan(Block):
    """y = shrunk(x * gain(estimate) / 2^snr_shift), in which large values lose 1 and small ones are squared."""

    length: int
    gain: tuple[int, ...]  # int16, TABLE_LENGTH of them
    snr_shift: int  # 0..31

    KERNEL: ClassVar[str] = "signal_pcan_u32"
    IN_PLACE: ClassVar[bool] = True
    BRIEF: ClassVar[str] = "automatic gain"

    @property
    def inputs(self) -> tuple[Array, ...]:
        return Array("uint32_t", self.length), Array("uint32_t", self.length)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return (Array("uint32_t", self.length),)

    def params(self) -> tuple[tuple[str, Param], ...]:
        gain = Table("int16_t", np.array(self.gain, np.int16))
        return ("gain", gain), ("length", self.length), ("snr_shift", self.snr_shift)

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        x, estimate = (a.astype(np.int64) for a in inputs)
        gain = self._gain_at(estimate).astype(np.uint64) & LOW_32
        snr = x.astype(np.uint64) * gain >> np.uint64(self.snr_shift) & LOW_32
        small = snr < 2 << SNR_BITS
        squared = np.where(small, snr * snr, 0) >> np.uint64(2 + 2 * SNR_BITS - OUTPUT_BITS)
        less = (snr >> np.uint64(SNR_BITS - OUTPUT_BITS)) - np.uint64(1 << OUTPUT_BITS)
        return (np.where(small, squared, less).astype(np.uint32),)

    def _gain_at(self, x: np.ndarray) -> np.ndarray:
        table = np.array(self.gain, np.int64)
        _, octave = np.frexp(x.astype(np.float64))
        octave = octave.astype(np.int64)
        up, down = np.maximum(FRACTION_BITS + 1 - octave, 0), np.maximum(octave - FRACTION_BITS - 1, 0)
        fraction = (x << up >> down) & (1 << FRACTION_BITS) - 1
        piece = np.maximum(4 * octave - 6, 0)
        bend = (table[piece + 2] * fraction >> 5) + (table[piece + 1] << 5)
        sloped = (bend * fraction).astype(np.int32)
        parabola = table[piece] + (sloped + (1 << 14) >> 15)
        gain: np.ndarray = np.where(x <= 2, table[np.minimum(x, 2)], parabola.astype(np.int16))
        return gain
