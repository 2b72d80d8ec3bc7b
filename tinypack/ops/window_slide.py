"""How far kernels of sliding windows let their output slide over their input."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np

from tinypack.ops.overlap import Slide, slide
from tinypack.ops.protocol import Param

NOTHING = 2**62  # the first byte of a window that lies in the padding


@dataclass(frozen=True)
class Windows:
    """Geometry of a convolution or a pool over int8 elements, as in the kernels' parameters."""

    in_h: int
    in_w: int
    in_depth: int
    out_h: int
    out_w: int
    out_depth: int
    filter_h: int
    filter_w: int
    stride_h: int
    stride_w: int
    pad_top: int
    pad_left: int
    dilation_h: int = 1
    dilation_w: int = 1
    batches: int = 1

    @classmethod
    def of(cls, params: Iterable[tuple[str, Param]], **others: int) -> Windows:
        """Find the geometry among a kernel's parameters, but for others that are given."""
        names = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in params if name in names and isinstance(value, int)}, **others)

    def pixel_slide(self, at_once: int) -> Slide:
        """Give the least slide of a kernel that reads the windows of some pixels, then writes these pixels.

        Pixels come in the order of memory; those at once may straddle rows, but not images.
        """
        starts = np.arange(0, self.out_h * self.out_w, at_once)
        return self._slide(starts * self.out_depth, np.minimum.reduceat(self._first_bytes(), starts))

    def element_slide(self, groups: int) -> Slide:
        """Give the least slide of a kernel that reads and writes for one element after the other, channels innermost.

        Each of `groups` runs of output channels reads its own run of input channels.
        """
        group = np.arange(groups)
        reads = self._first_bytes()[:, None] + group * (self.in_depth // groups)
        # Before the last element of a group reads, all others of it are written.
        last = (group + 1) * (self.out_depth // groups) - 1
        written = np.arange(self.out_h * self.out_w)[:, None] * self.out_depth + last
        return self._slide(written.reshape(-1), reads.reshape(-1))

    def _slide(self, written: np.ndarray, reads: np.ndarray) -> Slide:
        """Repeat the accesses to one image for all."""
        image = np.arange(self.batches)[:, None]
        read = image * (self.in_h * self.in_w * self.in_depth)
        wrote = image * (self.out_h * self.out_w * self.out_depth)
        return slide((written + wrote).reshape(-1), (reads + read).reshape(-1))

    def _first_bytes(self) -> np.ndarray:
        """Give the lowest byte that each pixel reads, in the order of memory."""
        rows = _first(self.in_h, self.out_h, self.filter_h, self.stride_h, self.dilation_h, self.pad_top)
        columns = _first(self.in_w, self.out_w, self.filter_w, self.stride_w, self.dilation_w, self.pad_left)
        at = (rows[:, None] * self.in_w + columns) * self.in_depth
        nothing = (rows == NOTHING)[:, None] | (columns == NOTHING)
        return np.where(nothing, NOTHING, at).reshape(-1)


def _first(size: int, out: int, taps: int, stride: int, dilation: int, padding: int) -> np.ndarray:
    """First position along an axis that each output reads; NOTHING where all its taps lie in the padding."""
    origin = np.arange(out, dtype=np.int64) * stride - padding
    first: np.ndarray = origin + np.maximum(0, -(origin // dilation)) * dilation
    return np.where((first < size) & (first <= origin + (taps - 1) * dilation), first, NOTHING)
