"""Mean and variance normalisation over the frames last seen, by running sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinypack.features.logarithm import leading_zeros
from tinypack.features.protocol import Array, Arrays, Block
from tinypack.features.squares import nearest_root
from tinypack.ops.protocol import Param


@dataclass(frozen=True)
class Cmvn(Block):
    """Features less their mean over this frame and those before, up to `frames`; over their deviation if wanted."""

    length: int
    frames: int  # 1..1024
    down: int  # features / 2^down are within 31 - log2(frames) bits
    variance: bool  # the output is Q16; else it is in steps of 2^down

    KERNEL: ClassVar[str] = "cmvn_s32"
    IN_PLACE: ClassVar[bool] = True
    BRIEF: ClassVar[str] = "sliding normalisation"

    @property
    def inputs(self) -> tuple[Array, ...]:
        return (Array("int32_t", self.length),)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return (Array("int32_t", self.length),)

    @property
    def state(self) -> tuple[Array, ...]:
        """The ring of past frames, sums, sums of squares; the next place in the ring, how many are in it."""
        sums = Array("int64_t", self.length)
        return Array("int32_t", self.frames * self.length), sums, sums, Array("int32_t", 2)

    @property
    def work(self) -> int:
        return self.length * (3 if self.variance else 2)

    def params(self) -> tuple[tuple[str, Param], ...]:
        return (
            ("length", self.length),
            ("frames", self.frames),
            ("down", self.down),
            ("variance", int(self.variance)),
        )

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        features = inputs[0].astype(np.int64) >> self.down
        out = np.empty(features.shape, np.int32)
        for frame in range(features.shape[1]):
            out[:, frame] = self._frame(features[:, frame], state)
        return (out,)

    def _frame(self, x: np.ndarray, state: Arrays) -> np.ndarray:
        past, sums, squares, place = state
        slots = past.reshape(len(x), self.frames, self.length)
        every = np.arange(len(x))
        old = slots[every, place[:, 0]].astype(np.int64)
        slots[every, place[:, 0]] = x
        sums += x - old
        squares += x * x - old * old
        place[:, 0] = (place[:, 0] + 1) % self.frames
        place[:, 1] = np.minimum(place[:, 1] + 1, self.frames)
        count = place[:, 1:].astype(np.int64)
        from_mean = count * x - sums
        if not self.variance:
            return _towards_zero(from_mean, count)
        spread = (count * squares - sums * sums).astype(np.uint64)
        up = (leading_zeros(np.maximum(spread, np.uint64(1))) - 2) // 2  # all 31 bits of the root are used
        deviation = nearest_root(spread << (2 * up).astype(np.uint64))
        return np.where(deviation > 0, _towards_zero(from_mean * (65536 << up), np.maximum(deviation, 1)), 0)


def cmvn(length: int, frames: int, variance: bool, largest: int) -> Cmvn:
    """Make the block for features up to `largest`."""
    down = max(largest.bit_length() - (31 - (frames - 1).bit_length()), 0)
    return Cmvn(length, frames, down, variance)


def _towards_zero(x: np.ndarray, divisor: np.ndarray) -> np.ndarray:
    quotient: np.ndarray = np.sign(x) * (np.abs(x) // divisor)
    return quotient
