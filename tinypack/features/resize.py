"""Which part of an image goes where in an output of another size, and between which pixels each output pixel lies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

#: A place is an index into the source times 2^INDEX_BITS, plus the weight 0..ONE of the pixel behind it.
INDEX_BITS = 13
ONE = 4096
OUTSIDE = -1


@dataclass(frozen=True)
class Size:
    """Units: pixels"""

    width: int
    height: int


@dataclass(frozen=True)
class Area:
    """A rectangle of `size` in the middle of `whole`; an odd pixel that is left over is at its right and lower end."""

    whole: Size
    size: Size

    @property
    def left(self) -> int:
        return (self.whole.width - self.size.width) // 2

    @property
    def top(self) -> int:
        return (self.whole.height - self.size.height) // 2


#: The source's part that is taken, and the output's part that it fills.
Mapped = tuple[Area, Area]


def stretch(source: Size, output: Size) -> Mapped:
    """Take all, and fill all."""
    return Area(source, source), Area(output, output)


def crop(source: Size, output: Size) -> Mapped:
    """Take the largest part that has the output's aspect."""
    return Area(source, inscribed(output, source)), Area(output, output)


def fit(source: Size, output: Size) -> Mapped:
    """Take all, and fill the largest part that has the source's aspect."""
    return Area(source, source), Area(output, inscribed(source, output))


def cut(source: Size, output: Size) -> Mapped:
    """Take a part of the output's size, which must not be larger than the source."""
    return Area(source, output), Area(output, output)


MODES: Mapping[str, Callable[[Size, Size], Mapped]] = {"crop": crop, "stretch": stretch, "fit": fit, "cut": cut}


def inscribed(aspect: Size, within: Size) -> Size:
    """Give the largest size of an aspect that goes into another size, in whole pixels: rounded, a half up."""
    if aspect.width * within.height > aspect.height * within.width:
        return Size(within.width, max(1, _rounded(aspect.height * within.width, aspect.width)))
    return Size(max(1, _rounded(aspect.width * within.height, aspect.height)), within.height)


def nearest(taken: int, filled: int) -> list[int]:
    """Give for each of `filled` pixels which of `taken` its centre lies in: the right one, if between two."""
    return [(2 * i + 1) * taken // (2 * filled) << INDEX_BITS for i in range(filled)]


def bilinear(taken: int, filled: int) -> list[int]:
    """Give for each of `filled` pixels the two of `taken` whose centres are around its own, and how they weigh.

    A pixel's centre is half a pixel from its corner (TensorFlow 2, OpenCV, Pillow); none lie beyond the edge, so there
    the outermost pixel stands alone.
    """
    places = []
    for i in range(filled):
        at = min(
            max((2 * i + 1) * taken - filled, 0), (taken - 1) * 2 * filled
        )  # from the first centre, in 1/(2 filled)
        index = min(at // (2 * filled), max(taken - 2, 0))
        places.append((index << INDEX_BITS) + _rounded((at - index * 2 * filled) * ONE, 2 * filled))
    return places


def _rounded(dividend: int, divisor: int) -> int:
    return (2 * dividend + divisor) // (2 * divisor)
