"""The first block of audio: a frame of samples, windowed, and moved up to the top of 32 bits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from tinypack.features.protocol import Array, Arrays, Block
from tinypack.features.rows import by_rows
from tinypack.ops.protocol import Param, Table


@dataclass(frozen=True, eq=False)
class Window(Block):
    """Samples times a window, then zeros; within -2^28..2^28 - 1, times 2^exponent."""

    window: np.ndarray  # float64 [frame], 0..1
    length: int  # of the output

    KERNEL: ClassVar[str] = "window_s16"
    BRIEF: ClassVar[str] = "window"

    @property
    def inputs(self) -> tuple[Array, ...]:
        return (Array("int16_t", len(self.window)),)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return Array("int32_t", self.length), Array("int32_t", 1)

    def params(self) -> tuple[tuple[str, Param], ...]:
        return ("window", self._table.param), ("frame", len(self.window)), ("length", self.length)

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        return by_rows(self._compute, *inputs)

    @cached_property
    def _table(self) -> WindowTable:
        return WindowTable(self.window)

    def _compute(self, x: np.ndarray) -> Arrays:
        up = _headroom(x)
        return _padded(self._table.weighted(x << up), self.length), -up


@dataclass(frozen=True, eq=False)
class Emphasis(Block):
    """The same of samples less `factor` times the one before."""

    factor: float  # above 0, below 1
    window: np.ndarray  # float64 [frame], 0..1
    length: int  # of the output
    hop: int  # samples to the next frame

    KERNEL: ClassVar[str] = "emphasis_s16"
    BRIEF: ClassVar[str] = "pre-emphasis, window"

    @property
    def inputs(self) -> tuple[Array, ...]:
        """Samples up to the next frame are wanted, so that the one before it is seen."""
        return (Array("int16_t", max(len(self.window), self.hop)),)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return Array("int32_t", self.length), Array("int32_t", 1)

    @property
    def state(self) -> tuple[Array, ...]:
        return (Array("int16_t", 1),)

    def params(self) -> tuple[tuple[str, Param], ...]:
        return (
            ("window", self._table.param),
            ("factor", self._fixed),
            ("frame", len(self.window)),
            ("length", self.length),
            ("hop", self.hop),
        )

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        (x,), (before,) = inputs, state
        last = x[:, :, self.hop - 1 : self.hop]
        firsts = np.concatenate((before[:, np.newaxis], last), axis=1)
        before[:] = firsts[:, -1]
        return by_rows(self._compute, x[:, :, : len(self.window)], firsts[:, :-1])

    @property
    def _fixed(self) -> int:
        return min(round(self.factor * 2**31), 2**31 - 1)

    @cached_property
    def _table(self) -> WindowTable:
        return WindowTable(self.window)

    def _compute(self, x: np.ndarray, before: np.ndarray) -> Arrays:
        x = np.concatenate((before, x), axis=1)
        up = _headroom(x) - 1  # a difference may need one bit more than a sample
        x <<= up
        x = x[:, 1:] - ((2 * x[:, :-1] * self._fixed) >> 32)
        return _padded(self._table.weighted(x), self.length), -up


class WindowTable:
    """A window in Q31; one that is all ones takes no table."""

    def __init__(self, window: np.ndarray) -> None:
        self.values = np.minimum(np.rint(window * 2.0**31), 2.0**31 - 1).astype(np.int64)
        self.ones = bool((window == 1).all())

    @property
    def param(self) -> Param:
        return None if self.ones else Table("int32_t", self.values.astype(np.int32))

    def weighted(self, x: np.ndarray) -> np.ndarray:
        """Give x * window, rounded down."""
        product: np.ndarray = x if self.ones else (2 * x * self.values) >> 32
        return product


def _headroom(x: np.ndarray) -> np.ndarray:
    """How far samples of each row can move up and stay within 2^28."""
    size = np.bitwise_or.reduce(x ^ (x >> 63), axis=1, keepdims=True) | 1
    _, used = np.frexp(size.astype(np.float64))
    return 28 - used.astype(np.int64)


def _padded(x: np.ndarray, length: int) -> np.ndarray:
    return np.pad(x, ((0, 0), (0, length - x.shape[1])))
