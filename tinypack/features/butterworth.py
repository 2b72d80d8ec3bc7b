"""Butterworth low-pass and high-pass over each axis of a window, in sections of order 2."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinypack.features.protocol import Array, Arrays, Block
from tinypack.features.rows import by_rows
from tinypack.ops.protocol import Param, Table

FRACTION_BITS = 10  # of samples
Q = 30  # of coefficients
HALF = 1 << (Q - 1)
MOST = (1 << 27) - 1  # of what a section gives: 4 times a sample's full scale


@dataclass(frozen=True)
class Filter(Block):
    """A cascade over each axis of interleaved samples, each window from rest; without sections only Q10 and planar.

    A section is the state-variable form of the biquad that the bilinear transform gives. Its two integrators stand
    in 64 bits and its coefficients are small where the cut-off is low, so that neither needs more than 32 bits.
    """

    channels: int
    length: int
    sections: tuple[tuple[int, int, int, int], ...] = ()  # Q30: 1 - a1, a2, a3, damping
    high: bool = False

    KERNEL: ClassVar[str] = "axis_filter_s16"
    BRIEF: ClassVar[str] = "each axis by itself, filtered"

    @property
    def inputs(self) -> tuple[Array, ...]:
        return (Array("int16_t", self.channels * self.length),)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return (Array("int32_t", self.channels * self.length),)

    @property
    def work(self) -> int:
        return self.channels * self.length * len(self.sections)

    def params(self) -> tuple[tuple[str, Param], ...]:
        return (
            ("sections", Table("int32_t", np.array(self.sections, np.int32).ravel()) if self.sections else None),
            ("count", len(self.sections)),
            ("high", int(self.high)),
            ("channels", self.channels),
            ("length", self.length),
        )

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        return by_rows(self._of_rows, *inputs)

    def _of_rows(self, samples: np.ndarray) -> Arrays:
        # Time goes first, so that each step works on neighbours in memory.
        x = samples.reshape(-1, self.length, self.channels).transpose(1, 0, 2) << FRACTION_BITS
        for section in self.sections:
            x = self._section(x, *section)
        return (x.transpose(1, 2, 0).reshape(len(samples), -1),)

    def _section(self, x: np.ndarray, c1: int, a2: int, a3: int, damping: int) -> np.ndarray:
        y = np.empty_like(x)
        first, second = np.zeros_like(x[0]), np.zeros_like(x[0])
        for t, now in enumerate(x):
            band, error = _rounded(first), now - _rounded(second)
            p, q = a2 * error - c1 * band, a2 * band + a3 * error
            first, second = first + p, second + q
            y[t] = (now << Q) - damping * _rounded(first) - second if self.high else second
            first, second = first + p, second + q
        clipped: np.ndarray = np.clip(_rounded(y), -MOST, MOST)
        return clipped


def _rounded(x: np.ndarray) -> np.ndarray:
    rounded: np.ndarray = (x + HALF) >> Q
    return rounded


def butterworth(order: int, cutoff: float, rate: float) -> tuple[tuple[int, int, int, int], ...]:
    """Design the sections, the best damped first. order: even; Units: Hz"""
    g = math.tan(math.pi * cutoff / rate)
    dampings = sorted((2 * math.sin(math.pi * (2 * i + 1) / (2 * order)) for i in range(order // 2)), reverse=True)
    return tuple(_section(g, damping) for damping in dampings)


def _section(g: float, damping: float) -> tuple[int, int, int, int]:
    a1 = 1 / (1 + g * (g + damping))
    c1, a2, a3, k = (round(x * 2.0**Q) for x in (g * (g + damping) * a1, g * a1, g * g * a1, damping))
    return c1, a2, a3, k
