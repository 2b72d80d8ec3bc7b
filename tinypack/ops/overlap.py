"""How an operator's output may lie over an input that nobody reads after it, as its kernel's order of access allows.

Kernels that overlap must not say `restrict`: what they write may be what they have read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

#: Numbers of bytes that the output may not begin behind the input's begin: open ends.
Interval = tuple[int, int]


class Overlap(Protocol):
    def forbidden(self, read: int, written: int) -> tuple[Interval, ...]:
        """Say by how many bytes the output may not begin behind an input.

        Units: bytes of the input and of the output
        """


@dataclass(frozen=True)
class Apart:
    """The output shares no byte with the input."""

    def forbidden(self, read: int, written: int) -> tuple[Interval, ...]:
        return ((-written, read),)


@dataclass(frozen=True)
class Slide:
    """The output may begin `distance` bytes before the input, or more: both go upwards."""

    distance: int = 0  # bytes

    def forbidden(self, read: int, written: int) -> tuple[Interval, ...]:
        return ((-min(self.distance, written), read),)


@dataclass(frozen=True)
class SameBase:
    """The output may begin where the input does, and nowhere else in it."""

    def forbidden(self, read: int, written: int) -> tuple[Interval, ...]:
        return ((-written, 0), (0, read))


def slide(written: np.ndarray | Sequence[int], reads: np.ndarray | Sequence[int]) -> Slide:
    """Give the least slide of a kernel that has written so many bytes, from the first on, before each of its reads.

    Units: `reads` is the lowest byte of the input that is read then
    """
    still = np.minimum.accumulate(np.asarray(reads)[::-1])[::-1]
    return Slide(max(0, int((np.asarray(written) - still).max(initial=0))))


def in_order(elements: int, read: int, written: int) -> Slide:
    """Give the slide of a kernel that reads an element and writes it, one after the other.

    Units: bytes of an element of the input and of the output
    """
    return Slide(max(0, (elements - 1) * (written - read)))
