"""The block of `spectral`: statistics and Welch's spectrum of each axis of a window."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from tinypack.features.moments import STATISTICS, Statistic, moments
from tinypack.features.protocol import Array, Arrays, Block
from tinypack.features.rfft import Rfft
from tinypack.features.rows import by_rows
from tinypack.features.scaled import Scaled, bit_length, scaled
from tinypack.ops.protocol import Param, Table

LOG_BITS = 16
LOG10_OF_2 = 323228497  # Q30
TAPER_BITS = 30
ZERO, ONE = np.uint64(0), np.uint64(1)


@dataclass(frozen=True)
class Spectral(Block):
    """Of each axis: chosen statistics; skewness and kurtosis of its powers; powers of bins; peaks."""

    channels: int
    length: int
    statistics: tuple[Statistic, ...]
    fft: int
    taper: tuple[int, ...]  # [fft] Q30, or none
    segments: int
    step: int
    hold_largest: bool
    halve_ends: bool
    shape: bool
    scale: tuple[int, int]  # mantissa of 32 bits and exponent: a power of the Q10 signal is times this
    log: bool
    bits: int  # of a linear power, behind the point
    floor: int  # of the logarithm, Q16
    first: int
    end: int
    peaks: int
    at_least: int  # Q15

    KERNEL: ClassVar[str] = "spectral_s32"
    BRIEF: ClassVar[str] = "statistics and spectrum of each axis"

    @property
    def inputs(self) -> tuple[Array, ...]:
        return (Array("int32_t", self.channels * self.length),)

    @property
    def outputs(self) -> tuple[Array, ...]:
        """Features, and scratch memory that nothing reads later."""
        features = len(self.statistics) + 2 * self.shape + self.end - self.first + 2 * self.peaks
        bins = self.fft // 2 + 1
        return Array("int32_t", self.channels * features), Array("uint64_t", bins), Array("int32_t", self.fft + 2)

    @property
    def down(self) -> int:
        """Powers of the signal scaled to 28 bits, of all segments, stay below 2^63 if divided by 2 to this."""
        return 2 * self.fft.bit_length() - 2 + (self.segments - 1).bit_length() - 7

    @cached_property
    def choice(self) -> np.ndarray:
        return np.array([STATISTICS.index(name) for name in self.statistics], np.uint8)

    @cached_property
    def rfft(self) -> Rfft:
        return Rfft(self.fft)

    @property
    def work(self) -> int:
        """In steps of the transform for one value, of which windowing and power take 9, statistics of a sample 5."""
        transforms = self.segments * self.fft * (self.fft.bit_length() + 8)
        return self.channels * (transforms + 5 * self.length)

    def params(self) -> tuple[tuple[str, Param], ...]:
        twiddle, twiddle_2_3 = (value for _, value in self.rfft.params()[:2])
        return (
            ("choice", Table("uint8_t", self.choice) if self.statistics else None),
            ("taper", Table("int32_t", np.array(self.taper, np.int32)) if self.taper else None),
            ("twiddle", twiddle),
            ("twiddle_2_3", twiddle_2_3),
            ("fft", self.fft),
            ("statistics", len(self.statistics)),
            ("channels", self.channels),
            ("length", self.length),
            ("segments", self.segments),
            ("step", self.step),
            ("hold_largest", int(self.hold_largest)),
            ("down", self.down),
            ("halve_ends", int(self.halve_ends)),
            ("shape", int(self.shape)),
            ("scale", self.scale[0]),
            ("scale_exponent", self.scale[1]),
            ("log", int(self.log)),
            ("bits", self.bits),
            ("floor", self.floor),
            ("first", self.first),
            ("end", self.end),
            ("peaks", self.peaks),
            ("at_least", self.at_least),
        )

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        (features,) = by_rows(self._of_rows, *inputs)
        scratch = (np.zeros((*features.shape[:2], array.length), array.dtype) for array in self.outputs[1:])
        return features, *scratch

    def _of_rows(self, signals: np.ndarray) -> Arrays:
        x = signals.reshape(-1, self.length)
        found = moments(x)
        mean, lowest, highest = (found[:, STATISTICS.index(name)] for name in ("mean", "minimum", "maximum"))
        up = 28 - bit_length(np.maximum(highest - mean, mean - lowest).astype(np.uint64))
        powers = self._powers((x - mean[:, None]) << up[:, None])
        columns = [found[:, self.choice], *self._spectrum(powers, self.down - 2 * up[:, None])]
        return (np.concatenate(columns, axis=1).reshape(len(signals), -1),)

    def _powers(self, x: np.ndarray) -> np.ndarray:
        padded = np.pad(x, ((0, 0), (0, max((self.segments - 1) * self.step + self.fft - self.length, 0))))
        powers = np.zeros((len(x), self.fft // 2 + 1), np.uint64)
        exponents = np.zeros((len(x), 1, 1), np.int64)
        for start in range(0, self.segments * self.step, self.step):
            segment = padded[:, start : start + self.fft]
            if self.taper:
                segment = (segment * np.array(self.taper, np.int64) + (1 << (TAPER_BITS - 1))) >> TAPER_BITS
            bins, exponent = self.rfft.apply((segment[:, None], exponents), ())
            re, im = bins[:, 0, 0::2].astype(np.int64), bins[:, 0, 1::2].astype(np.int64)
            power = _shifted((re * re + im * im).astype(np.uint64), self.down - 2 * exponent[:, 0].astype(np.int64))
            powers = np.maximum(powers, power) if self.hold_largest else powers + power
        if self.halve_ends:
            powers[:, [0, -1]] >>= ONE
        return powers

    def _spectrum(self, powers: np.ndarray, exponent: np.ndarray) -> list[np.ndarray]:
        columns = []
        if self.shape:
            down = np.maximum(bit_length(powers.max(axis=1, keepdims=True)) - 28, 0).astype(np.uint64)
            shape = moments((powers >> down).astype(np.int64))
            columns.append(shape[:, [STATISTICS.index("skewness"), STATISTICS.index("kurtosis")]])
        columns.append(self._features(powers[:, self.first : self.end], exponent))
        if self.peaks:
            bins = self._peaks(powers)
            heights = np.where(bins > 0, np.take_along_axis(powers, bins, axis=1), ZERO)
            columns.append(np.stack((bins, self._features(heights, exponent)), axis=2).reshape(len(powers), -1))
        return columns

    def _features(self, powers: np.ndarray, exponent: np.ndarray) -> np.ndarray:
        factor = Scaled(np.full_like(powers, self.scale[0]), np.full(powers.shape, self.scale[1]))
        real = scaled(powers, exponent) * factor
        if not self.log:
            return real.fixed(self.bits)
        log = (real.log2() * LOG10_OF_2 + (1 << 33)) >> 34
        return np.where(real.mantissa == 0, self.floor, np.maximum(log, self.floor))

    def _peaks(self, powers: np.ndarray) -> np.ndarray:
        """Give the bins of the largest peaks, in the order of falling power; 0 where there are no more."""
        bins = np.arange(powers.shape[1])
        wanted = (bins >= self.first) & (bins < self.end)
        least = (np.where(wanted, powers, ZERO).max(axis=1, keepdims=True) >> np.uint64(15)) * np.uint64(self.at_least)
        peak = np.zeros(powers.shape, np.bool_)
        peak[:, 1:-1] = (powers[:, 1:-1] > powers[:, :-2]) & (powers[:, 1:-1] >= powers[:, 2:])
        peak &= wanted & (powers >= least)
        heights = np.where(peak, powers, ZERO)
        order = np.argsort(~heights, axis=1, kind="stable")[:, : self.peaks]
        order = np.pad(order, ((0, 0), (0, self.peaks - order.shape[1])))
        return np.where(np.take_along_axis(peak, order, axis=1), order, 0)


def _shifted(x: np.ndarray, down: np.ndarray) -> np.ndarray:
    """x / 2^down, rounded to nearest."""
    left, right = (np.clip(bits, 0, 63).astype(np.uint64) for bits in (-down, down))
    half = (ONE << right) >> ONE
    moved: np.ndarray = np.where(down > 63, ZERO, ((x + half) >> right) << left)
    return moved
