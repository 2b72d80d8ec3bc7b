"""Images: pixels of a camera to the levels of a resized image, or in the same pass to the model's int8 input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinypack.features.protocol import Array, Arrays, Block
from tinypack.features.resize import INDEX_BITS, ONE, Size
from tinypack.ops.protocol import Param, Table

GREY_WEIGHTS = (19595, 38470, 7471)  # of red, green, blue, of 2^16: ITU-R BT.601


@dataclass(frozen=True)
class PixelFormat:
    """Bytes of a pixel: 1 is grey, 2 is RGB565, 3 are colours."""

    nbytes: int
    red: int = 0  # which of them has the red bits

    def levels(self, pixels: np.ndarray) -> np.ndarray:
        """Give red, green and blue, 0..255: five and six bits become eight by repeating the highest ones.

        Shapes: [..., nbytes] -> [..., 3]
        """
        wide = pixels.astype(np.int32)
        if self.nbytes == 1:
            return np.repeat(wide, 3, axis=-1)
        if self.nbytes == 3:
            return wide if self.red == 0 else wide[..., ::-1]
        word = wide[..., self.red] << 8 | wide[..., 1 - self.red]
        r, g, b = word >> 11, word >> 5 & 63, word & 31
        return np.stack((r << 3 | r >> 2, g << 2 | g >> 4, b << 3 | b >> 2), axis=-1)


@dataclass(frozen=True)
class Resizing:
    """How levels 0..255 of the output are made of the source's pixels: one grey level a pixel, or three colours."""

    source: Size
    pixels: PixelFormat
    rows: tuple[int, ...]  # places in the source, of each row of the output; OUTSIDE: fill
    columns: tuple[int, ...]
    taken: Size  # the source's part that places are in
    bilinear: bool
    fill: int
    channels: int
    red: int  # which channel of the output is red

    @property
    def given(self) -> Array:
        return Array("uint8_t", self.source.height * self.source.width * self.pixels.nbytes)

    @property
    def length(self) -> int:
        return len(self.rows) * len(self.columns) * self.channels

    @property
    def work(self) -> int:
        """In shares of a pixel: 2 to find its place, 1 or 2 to read one of the source, 2 to blend a channel."""
        inside_rows, inside_columns = (sum(place >= 0 for place in places) for places in (self.rows, self.columns))
        read = 1 if self.pixels.nbytes == 1 else 2
        shares = 2 + 4 * read + 2 * self.channels if self.bilinear else 2 + read
        return inside_rows * inside_columns * shares

    def params(self, lookup: np.ndarray | None = None) -> tuple[tuple[str, Param], ...]:
        """Give the fields of `tp_image_t`.

        Shapes: lookup [1 or channels, 256] int8
        """
        row_bytes = self.source.width * self.pixels.nbytes
        return (
            ("rows", Table("int32_t", np.array(self.rows), program_memory=True)),
            ("columns", Table("int32_t", np.array(self.columns), program_memory=True)),
            ("lookup", None if lookup is None else Table("int8_t", lookup.reshape(-1), program_memory=True)),
            ("lookup_step", 256 if lookup is not None and len(lookup) > 1 else 0),
            ("height", len(self.rows)),
            ("width", len(self.columns)),
            ("channels", self.channels),
            ("first", self.red),
            ("pixel_bytes", self.pixels.nbytes),
            ("red", self.pixels.red),
            ("row_bytes", row_bytes),
            ("next_row", row_bytes if self.taken.height > 1 else 0),
            ("next_column", self.pixels.nbytes if self.taken.width > 1 else 0),
            ("bilinear", int(self.bilinear)),
            ("fill", self.fill),
        )

    def levels(self, images: np.ndarray) -> np.ndarray:
        """Shapes: [batch, frames, source bytes] -> levels [batch, frames, length] uint32"""
        source = images.reshape(*images.shape[:2], self.source.height, self.source.width, self.pixels.nbytes)
        rows, columns = np.array(self.rows, np.int32), np.array(self.columns, np.int32)
        y, x = (np.maximum(places >> INDEX_BITS, 0) for places in (rows, columns))
        levels = self._coloured(source, y, x)
        if self.bilinear:
            below, beside = y + (self.taken.height > 1), x + (self.taken.width > 1)
            down, right = ((places & (1 << INDEX_BITS) - 1).astype(np.uint32) for places in (rows, columns))
            right, down = right[:, None], down[:, None, None]
            top = levels * (ONE - right) + self._coloured(source, y, beside) * right
            bottom = self._coloured(source, below, x) * (ONE - right) + self._coloured(source, below, beside) * right
            blended: np.ndarray = top * (ONE - down) + bottom * down  # with the half that rounds still below 2^32
            levels = (blended + (1 << 23)) >> 24
        outside = (rows < 0)[:, None] | (columns < 0)
        levels[..., outside, :] = self.fill
        return levels.reshape(*images.shape[:2], self.length)

    def _coloured(self, source: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Give the output's channels of the source's pixels, as uint32."""
        levels = self.pixels.levels(source[..., rows[:, None], columns, :])
        if self.channels == 1:
            weighted = levels * np.array(GREY_WEIGHTS, np.int32)
            levels = (weighted.sum(axis=-1, keepdims=True) + (1 << 15)) >> 16
        elif self.red:
            levels = levels[..., ::-1]
        return levels.astype(np.uint32)


@dataclass(frozen=True)
class Levels(Block):
    """The resized image's levels as they are."""

    resizing: Resizing

    KERNEL: ClassVar[str] = "image_s32"
    BRIEF: ClassVar[str] = "resize the image"

    @property
    def inputs(self) -> tuple[Array, ...]:
        return (self.resizing.given,)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return (Array("int32_t", self.resizing.length),)

    @property
    def work(self) -> int:
        return self.resizing.work

    def params(self) -> tuple[tuple[str, Param], ...]:
        return self.resizing.params()

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        return (self.resizing.levels(inputs[0]).astype(np.int32),)


@dataclass(frozen=True, eq=False)
class QuantisedLevels(Block):
    """The resized image's levels, each looked up: normalised and quantised."""

    resizing: Resizing
    values: np.ndarray  # [1 or channels, 256] int8

    KERNEL: ClassVar[str] = "image_s8"
    BRIEF: ClassVar[str] = "resize the image, normalise and quantise"

    @property
    def inputs(self) -> tuple[Array, ...]:
        return (self.resizing.given,)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return (Array("int8_t", self.resizing.length),)

    @property
    def work(self) -> int:
        return self.resizing.work

    def params(self) -> tuple[tuple[str, Param], ...]:
        return self.resizing.params(self.values)

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        channel = np.arange(self.resizing.length) % len(self.values)
        return (self.values[channel, self.resizing.levels(inputs[0])],)
