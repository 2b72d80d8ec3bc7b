"""Tables of the audio front end, as its designers compute them: in 32-bit floats where they do."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from tinypack.features.signal.filter_bank import Slope
from tinypack.features.signal.pcan import TABLE_LENGTH

WINDOW_BITS = 12
WEIGHT_BITS = 12
MOST = 2**15 - 1

f32 = np.float32


def hann(length: int) -> tuple[int, ...]:
    """Give a Hann window that is symmetric about the middle, as Q12."""
    turn = 2 * math.pi / length
    return tuple(round((0.5 - 0.5 * math.cos(turn * (i + 0.5))) * 2**WINDOW_BITS) for i in range(length))


def hann_single(length: int) -> tuple[int, ...]:
    """Give the same window from 32-bit floats."""
    turn = f32(math.pi) * f32(2) / f32(length)
    cosines = (f32(math.cos(turn * (f32(i) + f32(0.5)))) for i in range(length))
    return tuple(math.floor((f32(0.5) - f32(0.5) * c) * f32(2**WINDOW_BITS) + f32(0.5)) for c in cosines)


def truncated(share: np.float32) -> int:
    return int(share * f32(2**WEIGHT_BITS))


def rounded(share: np.float32) -> int:
    return math.floor(float(share * f32(2**WEIGHT_BITS) + f32(0.5)))


@dataclass(frozen=True)
class Style:
    """How real numbers become integers."""

    window: Callable[[int], tuple[int, ...]]
    weight: Callable[[np.float32], int]


#: TensorFlow Lite Micro makes its tables in two ways: in Python for graphs, and in its C library.
STYLES = {"graph": Style(hann, truncated), "library": Style(hann_single, rounded)}


@dataclass(frozen=True)
class Mel:
    """Triangles that are equally wide on the mel scale.

    Units: Hz
    """

    channels: int
    low: float
    high: float
    rate: float
    bins: int
    weight: Callable[[np.float32], int]  # of a share of 1

    @property
    def start(self) -> int:
        """The first bin that counts: never that of 0 Hz."""
        return int(f32(1.5) + f32(self.low) / self._bin_width)

    def slopes(self) -> tuple[Slope, ...]:
        """Give the slopes between the filters' centres; the last one ends below the bin of half the rate."""
        return tuple(self._slopes())

    @property
    def _bin_width(self) -> np.float32:
        width: np.float32 = f32(self.rate) * f32(0.5) / f32(self.bins - 1)
        return width

    def _slopes(self) -> Iterator[Slope]:
        lowest = mel(f32(self.low))
        spacing = (mel(f32(self.high)) - lowest) / f32(self.channels + 1)
        before, start = lowest, self.start
        for channel in range(1, self.channels + 2):
            centre = lowest + spacing * f32(channel)
            end = start
            while mel(f32(end) * self._bin_width) <= centre:
                end += 1
            shares = [(centre - mel(f32(i) * self._bin_width)) / (centre - before) for i in range(start, end)]
            falling, rising = (tuple(self.weight(s) for s in side) for side in (shares, [f32(1) - s for s in shares]))
            yield Slope(start, rising, falling)
            before, start = centre, end


def mel(frequency: np.float32) -> np.float32:
    """Give a frequency in Hz on the mel scale."""
    scaled: np.float32 = f32(1127) * f32(math.log1p(frequency / f32(700)))
    return scaled


def gains(strength: float, offset: float, gain_bits: int, input_bits: int) -> tuple[int, ...]:
    """Tabulate 2^gain_bits * (x / 2^input_bits + offset)^-strength: at 0 and 1, then a parabola for each octave."""

    def gain(x: int) -> int:
        base = f32(x) / f32(2.0**input_bits) + f32(offset)
        value = f32(2.0**gain_bits) * f32(math.pow(base, -f32(strength)))
        return MOST if value > MOST else int(value + f32(0.5))

    table = np.zeros(TABLE_LENGTH + 1, np.int16)
    table[:2] = gain(0), gain(1)
    for octave in range(31):
        first = 2 << octave
        last = 2 * first if octave < 30 else 2 * first - 1
        at_first, middle, at_last = gain(first), gain(first + first // 2), gain(last)
        slope = 4 * (middle - at_first) - (at_last - at_first)
        at = 4 * octave + 2
        table[at : at + 3] = np.array((at_first, slope, at_last - at_first - slope)).astype(np.int16)
    return tuple(table[:TABLE_LENGTH].tolist())
