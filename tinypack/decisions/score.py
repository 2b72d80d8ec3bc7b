"""A model's int8 output as fixed-point scores, as it comes or as a mean over the last ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinypack.decisions.protocol import SCORE_ONE, Given
from tinypack.decisions.ratio import MULTIPLIER_BITS, fixed
from tinypack.features.protocol import Array, Arrays, Block
from tinypack.ops.protocol import Param

#: The most results that a mean is over, or votes are looked at: it bounds memory, and keeps sums within 32 bits.
MOST_WINDOW = 1000
#: Scores of anomalies end at 64 times the threshold: sums of MOST_WINDOW of them fit 32 bits.
MOST_SCORE = 64 * SCORE_ONE


@dataclass(frozen=True)
class Score(Block):
    """(q - zero_point) * multiplier / 2^shift, rounded down."""

    length: int
    multiplier: int
    shift: int
    zero_point: int

    KERNEL: ClassVar[str] = "score_s8"
    BRIEF: ClassVar[str] = "dequantise"

    @property
    def inputs(self) -> tuple[Array, ...]:
        return (Array("int8_t", self.length),)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return (Array("int32_t", self.length),)

    def params(self) -> tuple[tuple[str, Param], ...]:
        return (
            ("multiplier", self.multiplier),
            ("shift", self.shift),
            ("zero_point", self.zero_point),
            ("length", self.length),
        )

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        return ((inputs[0].astype(np.int64) - self.zero_point) * self.multiplier >> self.shift,)


@dataclass(frozen=True)
class Smooth(Block):
    """The mean of scores over the last `window` outputs, or as many as there are, rounded down."""

    score: Score
    window: int

    KERNEL: ClassVar[str] = "smooth_s8"
    BRIEF: ClassVar[str] = "mean over time"

    @property
    def inputs(self) -> tuple[Array, ...]:
        return self.score.inputs

    @property
    def outputs(self) -> tuple[Array, ...]:
        return self.score.outputs

    @property
    def state(self) -> tuple[Array, ...]:
        length = self.score.length
        return (Array("int8_t", self.window * length), Array("int32_t", length), Array("int32_t", 2))

    def params(self) -> tuple[tuple[str, Param], ...]:
        return (*self.score.params(), ("window", self.window))

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        (output,), (ring, sums, progress) = inputs, state
        rings = ring.reshape(len(ring), self.window, self.score.length)
        scores = np.empty(output.shape, np.int64)
        for i in range(output.shape[1]):
            at = advance(progress, self.window)
            count = progress[:, 1:]
            sums += output[:, i].astype(np.int32) - at_place(rings, at)
            rings[np.arange(len(at)), at] = output[:, i]
            scaled = (sums.astype(np.int64) - count * self.score.zero_point) * self.score.multiplier
            scores[:, i] = (scaled >> self.score.shift) // count
        return (scores,)


@dataclass(frozen=True)
class SmoothScore(Block):
    """The mean of one score >= 0 over the last `window` results, or as many as there are, rounded down."""

    window: int

    KERNEL: ClassVar[str] = "smooth_u32"
    IN_PLACE: ClassVar[bool] = True
    BRIEF: ClassVar[str] = "mean over time"

    @property
    def inputs(self) -> tuple[Array, ...]:
        return (Array("int32_t", 1),)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return (Array("int32_t", 1),)

    @property
    def state(self) -> tuple[Array, ...]:
        return (Array("uint32_t", self.window), Array("uint32_t", 1), Array("int32_t", 2))

    def params(self) -> tuple[tuple[str, Param], ...]:
        return (("window", self.window),)

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        score, (ring, total, progress) = inputs[0].astype(np.uint32), state
        means = np.empty(score.shape, np.int64)
        for i in range(score.shape[1]):
            at = advance(progress, self.window)
            total[:, 0] += score[:, i, 0] - at_place(ring, at)
            ring[np.arange(len(at)), at] = score[:, i, 0]
            means[:, i] = total // progress[:, 1:]
        return (means,)


def advance(progress: np.ndarray, window: int) -> np.ndarray:
    """Give the place of a new element, which is that of the oldest one, and go on, as tp_window_advance does.

    Shapes: progress [batch, 2]: where the next element goes, and how many there are
    """
    at: np.ndarray = progress[:, 0].copy()
    progress[:, 0] = (at + 1) % window
    progress[:, 1] = np.minimum(progress[:, 1] + 1, window)
    return at


def at_place(rings: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Read each stream's element.

    Shapes: rings [batch, window, ...], at [batch]
    """
    found: np.ndarray = rings[np.arange(len(at)), at]
    return found


def scored(given: Given, window: int) -> Score | Smooth:
    """Make the block that turns the model's output into scores in 1/65536, a mean over `window` results.

    Raises: ValueError if such scores don't fit 32 bits
    """
    if 255 * window * given.output_scale >= 2**15:
        raise ValueError(f"the model's output is too coarse for scores over {window} results: {given.output_scale:.6g}")
    multiplier, shift = fixed(given.output_scale * SCORE_ONE, MULTIPLIER_BITS)
    score = Score(given.outputs, multiplier, shift, given.output_zero_point)
    return score if window == 1 else Smooth(score, window)
