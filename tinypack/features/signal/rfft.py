"""SignalRfft: the Fourier transform of real values in 16 bits, with the roundings of kissfft."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import numpy as np

from tinypack.features.protocol import Array, Arrays, Block
from tinypack.features.rows import by_rows
from tinypack.ops.protocol import Param, Table

HALF = 1 << 14
ONE = 2**15 - 1


@dataclass(frozen=True)
class SignalRfft(Block):
    """Bins 0..length / 2 of a frame that zeros fill up: real and imaginary parts in turn, over the length.

    Pairs of samples are complex numbers; radix-4 steps of decimated parts (behind one of radix 2 where the count
    asks for it), each of which first divides by its radix; then the bins of real values. A division is a product
    rounded to nearest; sums keep their lower 16 bits.
    """

    samples: int  # of the input, 1..length
    length: int  # a power of 2, 16..4096

    KERNEL: ClassVar[str] = "signal_rfft_s16"
    BRIEF: ClassVar[str] = "Fourier transform"

    @property
    def inputs(self) -> tuple[Array, ...]:
        return (Array("int16_t", self.samples),)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return (Array("int16_t", self.length + 2),)

    def params(self) -> tuple[tuple[str, Param], ...]:
        once, halves = turns(self.length // 2), half_turns(self.length // 2)
        return (
            ("twiddle", Table("int16_t", once[: 3 * self.length // 8].reshape(-1))),
            ("split_twiddle", Table("int16_t", halves.reshape(-1))),
            ("samples", self.samples),
            ("length", self.length),
        )

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        return by_rows(self._transform, *inputs)

    def _transform(self, x: np.ndarray) -> Arrays:
        n = self.length // 2
        # Frames stand last: so that inner loops are long in every step.
        padded = np.zeros((self.length, len(x)), np.int32)
        padded[: self.samples] = x.T
        re, im = padded[0::2][_order(n)], padded[1::2][_order(n)]
        part, radix = 1, 2 if n.bit_length() % 2 == 0 else 4
        while part < n:
            re, im = _step(re, im, part, radix)
            part, radix = part * radix, 4
        return (_split(re, im),)


def _step(re: np.ndarray, im: np.ndarray, part: int, radix: int) -> tuple[np.ndarray, np.ndarray]:
    """Join `radix` transforms of `part` values each into one, everywhere."""
    n, frames = re.shape
    twiddles = turns(n)[:, :, np.newaxis].astype(np.int32)
    stride = n // (radix * part)
    rows = []
    for q in range(radix):
        shape = (n // (radix * part), radix, part, frames)
        a = _over(re.reshape(shape)[:, q], radix), _over(im.reshape(shape)[:, q], radix)
        rows.append(a if q == 0 else _turned(*a, twiddles[: q * stride * part : q * stride]))
    joined = _butterfly_2(*rows) if radix == 2 else _butterfly_4(*rows)
    wide = (np.stack([x[half] for x in joined], axis=1).reshape(n, frames) for half in (0, 1))
    re, im = (x.astype(np.int16).astype(np.int32) for x in wide)
    return re, im


Complex = tuple[np.ndarray, np.ndarray]


def _butterfly_2(a: Complex, b: Complex) -> list[Complex]:
    return [(a[0] + b[0], a[1] + b[1]), (a[0] - b[0], a[1] - b[1])]


def _butterfly_4(a: Complex, b: Complex, c: Complex, d: Complex) -> list[Complex]:
    (even, cross), (odd, turn) = _butterfly_2(a, c), _butterfly_2(b, d)
    turned = (turn[1], -turn[0])
    (first, third), (second, fourth) = _butterfly_2(even, odd), _butterfly_2(cross, turned)
    return [first, second, third, fourth]


def _split(re: np.ndarray, im: np.ndarray) -> np.ndarray:
    """Part the bins of real values from those of pairs of them."""
    n, frames = re.shape
    bins = np.zeros((2 * n + 2, frames), np.int32)
    first = _over(re[0], 2), _over(im[0], 2)
    bins[0], bins[2 * n] = first[0] + first[1], first[0] - first[1]
    k = np.arange(1, n // 2 + 1)
    near = _over(re[k], 2), _over(im[k], 2)
    far = _over(re[n - k], 2), _over(_short(-im[n - k]), 2)
    (even, odd) = _butterfly_2(near, far)
    turned = _turned(*odd, half_turns(n)[:, :, np.newaxis].astype(np.int32))
    bins[2 * k], bins[2 * k + 1] = even[0] + turned[0] >> 1, even[1] + turned[1] >> 1
    bins[2 * (n - k)], bins[2 * (n - k) + 1] = even[0] - turned[0] >> 1, turned[1] - even[1] >> 1
    rows: np.ndarray = bins.T.astype(np.int16)
    return rows


def _over(x: np.ndarray, radix: int) -> np.ndarray:
    quotient: np.ndarray = x * (ONE // radix) + HALF >> 15
    return quotient


def _turned(re: np.ndarray, im: np.ndarray, twiddles: np.ndarray) -> Complex:
    cos, sin = twiddles[:, 0], twiddles[:, 1]
    return _short(re * cos - im * sin + HALF >> 15), _short(re * sin + im * cos + HALF >> 15)


def _short(x: np.ndarray) -> np.ndarray:
    kept: np.ndarray = x.astype(np.int16).astype(np.int32)
    return kept


@cache
def turns(n: int) -> np.ndarray:
    """e^(-2 pi i k / n), Q15."""
    return _rounded([-2 * math.pi * k / n for k in range(n)])


@cache
def half_turns(n: int) -> np.ndarray:
    """e^(-pi i (k / n + 1 / 2)), Q15, k = 1..n / 2."""
    return _rounded([-math.pi * (k / n + 0.5) for k in range(1, n // 2 + 1)])


def _rounded(phases: list[float]) -> np.ndarray:
    pairs = [(math.floor(0.5 + ONE * math.cos(x)), math.floor(0.5 + ONE * math.sin(x))) for x in phases]
    return np.array(pairs, np.int16)


@cache
def _order(n: int) -> np.ndarray:
    """Where the first step finds its values: outer steps are of radix 4 while 4 divides what is left."""
    order = np.zeros(1, np.int64)
    while len(order) < n:
        radix = 4 if n // len(order) % 4 == 0 else 2
        order = (order[:, np.newaxis] + len(order) * np.arange(radix)).reshape(-1)
    return order
