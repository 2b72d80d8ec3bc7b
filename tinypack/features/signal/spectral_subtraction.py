"""SignalFilterBankSpectralSubtraction: less of what has been there for long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinypack.features.protocol import Array, Arrays, Block
from tinypack.ops.protocol import Param

LOW_32 = np.uint64(2**32 - 1)


@dataclass(frozen=True)
class Smoothing:
    """How an estimate follows its channel: new = old * keep + now * take, over 2^bits of the block."""

    take: int
    keep: int


@dataclass(frozen=True)
class SignalSpectralSubtraction(Block):
    """A channel less its smoothed past, but never below a part of it; and the smoothed past.

    Sums keep their lower 32 bits, as the original's.
    """

    length: int
    even: Smoothing  # channels 0, 2, 4, ...
    odd: Smoothing
    floor: int  # the part that remains, over 2^bits
    bits: int
    smoothing_bits: int  # fraction of the estimate
    clamp: bool  # the estimate does not stay above its channel

    KERNEL: ClassVar[str] = "signal_spectral_subtraction_u32"
    IN_PLACE: ClassVar[bool] = True
    BRIEF: ClassVar[str] = "noise reduction"

    @property
    def inputs(self) -> tuple[Array, ...]:
        return (Array("uint32_t", self.length),)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return Array("uint32_t", self.length), Array("uint32_t", self.length)

    @property
    def state(self) -> tuple[Array, ...]:
        return (Array("uint32_t", self.length),)

    def params(self) -> tuple[tuple[str, Param], ...]:
        return (
            ("even_take", self.even.take),
            ("even_keep", self.even.keep),
            ("odd_take", self.odd.take),
            ("odd_keep", self.odd.keep),
            ("floor", self.floor),
            ("length", self.length),
            ("bits", self.bits),
            ("smoothing_bits", self.smoothing_bits),
            ("clamp", int(self.clamp)),
        )

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        (x,), (kept,) = inputs, state
        y, estimates = np.empty(x.shape, np.uint32), np.empty(x.shape, np.uint32)
        for frame in range(x.shape[1]):
            y[:, frame], kept[:] = self._reduced(x[:, frame].astype(np.uint64), kept.astype(np.uint64))
            estimates[:, frame] = kept
        return y, estimates

    def _reduced(self, now: np.ndarray, estimate: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        odd = np.arange(self.length) % 2
        take = np.array((self.even.take, self.odd.take), np.uint64)[odd]
        keep = np.array((self.even.keep, self.odd.keep), np.uint64)[odd]
        scaled = now << np.uint64(self.smoothing_bits) & LOW_32
        bits = np.uint64(self.bits)
        estimate = scaled * take + estimate * keep >> bits & LOW_32
        held = np.minimum(estimate, scaled)
        floor = now * np.uint64(self.floor) >> bits & LOW_32
        y = np.maximum(scaled - held >> np.uint64(self.smoothing_bits), floor)
        return y, held if self.clamp else estimate
