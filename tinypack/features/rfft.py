"""The discrete Fourier transform of real values, with a scale common to a frame's values (block floating point)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from tinypack.features.protocol import Array, Arrays, Block
from tinypack.features.rows import by_rows
from tinypack.ops.protocol import Param, Table

HALF = 1 << 31


@dataclass(frozen=True)
class Rfft(Block):
    """Sums of x[n] e^(-2 pi i k n / length) for k = 0..length / 2: real and imaginary parts in turn.

    Inputs are within -2^28..2^28 - 1, the nearer the better, and times 2^exponent; so are outputs, below 2^30.6.
    The error is about 2^-28 of the frame's largest magnitude, in each bin.
    """

    length: int  # a power of 2, 16..4096

    KERNEL: ClassVar[str] = "rfft_s32"
    IN_PLACE: ClassVar[bool] = True
    BRIEF: ClassVar[str] = "Fourier transform"

    @property
    def inputs(self) -> tuple[Array, ...]:
        return Array("int32_t", self.length), Array("int32_t", 1)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return Array("int32_t", self.length + 2), Array("int32_t", 1)

    def params(self) -> tuple[tuple[str, Param], ...]:
        once, twice, thrice = self._twiddles
        return (
            ("twiddle", Table("int32_t", _interleaved(once))),
            ("twiddle_2_3", Table("int32_t", _interleaved(twice, thrice))),
            ("length", self.length),
        )

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        return by_rows(self._transform, *inputs)

    @cached_property
    def _twiddles(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Cosines and sines, Q30, of turns k / length to a quarter; of twice and three times 2 k / length."""
        k = np.arange(self.length // 4 + 1)
        j = 2 * np.arange(self.length // 8)
        return _turns(k, self.length), _turns(2 * j, self.length), _turns(3 * j, self.length)

    def _transform(self, x: np.ndarray, exponent: np.ndarray) -> Arrays:
        n = self.length // 2
        order = _bit_reversed(n)
        z = Complex(x[:, 0::2][:, order], x[:, 1::2][:, order])
        part = 4 if n.bit_length() % 2 else 2
        z = _first_of_2(z) if part == 2 else _butterflies(*z.parts(1, 4)).joined(n)
        while part < n:
            up = _headroom(z, 30)
            z = self._step_of_4(z.moved_up(up), part)
            exponent = exponent + 2 - up
            part *= 4
        up, down = _headroom(z, 30), _size(z) >> 30  # sums of two values must fit
        return self._split(z.moved_up(up), down), exponent + 1 - up + down

    def _step_of_4(self, z: Complex, part: int) -> Complex:
        stride = self.length // 2 // (4 * part)
        once, twice, thrice = self._twiddles
        a, c, b, d = z.parts(part, 4)  # bit reversal puts them in the order 0, 2, 1, 3
        tables = once[: 2 * stride * part : 2 * stride], twice[::stride], thrice[::stride]
        turned = (x.turned(table).high().starting(x.quarter()) for x, table in zip((b, c, d), tables, strict=True))
        b, c, d = turned
        return _butterflies(a.quarter(), c, b, d).joined(self.length // 2)

    def _split(self, z: Complex, down: np.ndarray) -> np.ndarray:
        n = self.length // 2
        k, m = np.arange(n // 2 + 1), -np.arange(n // 2 + 1) % n
        re, im = z.re >> down, z.im >> down
        even = Complex((re[:, k] + re[:, m]) << 30, (im[:, k] - im[:, m]) << 30)
        odd = Complex(im[:, k] + im[:, m], re[:, m] - re[:, k]).turned(self._twiddles[0])
        bins = np.empty((len(re), n + 1, 2), np.int64)
        bins[:, : n // 2 + 1] = np.stack((even.re + odd.re, even.im + odd.im), axis=-1)
        bins[:, n // 2 :] = np.stack((even.re - odd.re, odd.im - even.im), axis=-1)[:, ::-1]
        return ((bins + HALF) >> 32).reshape(len(re), -1)


@dataclass(frozen=True, eq=False)
class Complex:
    """Complex integers of rows of frames."""

    re: np.ndarray
    im: np.ndarray

    def parts(self, length: int, count: int) -> list[Complex]:
        """Cut into groups of `count` transforms of a length; give the first of all groups, the second, ..."""
        re, im = (x.reshape(len(x), -1, count, length) for x in (self.re, self.im))
        return [Complex(re[:, :, i], im[:, :, i]) for i in range(count)]

    def joined(self, n: int) -> Complex:
        return Complex(self.re.reshape(-1, n), self.im.reshape(-1, n))

    def moved_up(self, bits: np.ndarray) -> Complex:
        return Complex(self.re << bits, self.im << bits)

    def turned(self, twiddles: np.ndarray) -> Complex:
        """Multiply by cos - i sin, Q30."""
        cos, sin = twiddles.T
        return Complex(self.re * cos + self.im * sin, self.im * cos - self.re * sin)

    def high(self) -> Complex:
        """Divide by 2^32, rounded to nearest, ties up."""
        return Complex((self.re + HALF) >> 32, (self.im + HALF) >> 32)

    def quarter(self) -> Complex:
        """Divide by 4, rounded to nearest, ties to even: always up would add up where many values are summed."""
        return Complex(*((x + 1 + ((x >> 2) & 1)) >> 2 for x in (self.re, self.im)))

    def starting(self, other: Complex) -> Complex:
        """Put another's first values in place of these."""
        self.re[..., 0], self.im[..., 0] = other.re[..., 0], other.im[..., 0]
        return self


def _first_of_2(z: Complex) -> Complex:
    a, b = z.parts(1, 2)
    re, im = (np.stack(pair, axis=2) for pair in ((a.re + b.re, a.re - b.re), (a.im + b.im, a.im - b.im)))
    return Complex(re, im).joined(z.re.shape[1])


def _butterflies(a: Complex, c: Complex, b: Complex, d: Complex) -> Complex:
    even_re, even_im, odd_re, odd_im = a.re + c.re, a.im + c.im, b.re + d.re, b.im + d.im
    cross_re, cross_im, turn_re, turn_im = a.re - c.re, a.im - c.im, b.im - d.im, d.re - b.re
    return Complex(
        np.stack((even_re + odd_re, cross_re + turn_re, even_re - odd_re, cross_re - turn_re), axis=2),
        np.stack((even_im + odd_im, cross_im + turn_im, even_im - odd_im, cross_im - turn_im), axis=2),
    )


def _size(z: Complex) -> np.ndarray:
    """OR the values of each row, turned positive."""
    size: np.ndarray = np.bitwise_or.reduce((z.re ^ (z.re >> 63)) | (z.im ^ (z.im >> 63)), axis=1, keepdims=True)
    return size


def _headroom(z: Complex, bits: int) -> np.ndarray:
    """How far each row's values can move up, so that they stay below 2^bits."""
    size = _size(z)
    _, used = np.frexp(size.astype(np.float64))  # exact
    return np.where(size == 0, 0, np.maximum(bits - used, 0))


def _bit_reversed(n: int) -> np.ndarray:
    bits = n.bit_length() - 1
    return np.array([int(f"{i:0{bits}b}"[::-1], 2) for i in range(n)])


def _turns(k: np.ndarray, length: int) -> np.ndarray:
    """Give cosines and sines of turns, Q30."""
    angles = 2 * np.pi * k / length
    table: np.ndarray = np.rint(np.stack((np.cos(angles), np.sin(angles)), axis=-1) * 2.0**30).astype(np.int64)
    return table


def _interleaved(*columns: np.ndarray) -> np.ndarray:
    return np.concatenate(columns, axis=1).ravel().astype(np.int32)
