"""Depthwise 3x3: which way its lines lie, and whether it may write over its input."""

from __future__ import annotations

import numpy as np
import pytest

from tinypack.ops.depthwise_3x3 import Geometry, Lines
from tinypack.ops.overlap import Apart, SameBase

CHANNELS = 8


def geometry(read: tuple[int, int], written: tuple[int, int], padding: tuple[int, int], stride: int) -> Geometry:
    down = Lines(read[0], written[0], padding[0], read[1] * CHANNELS, written[1] * CHANNELS)
    across = Lines(read[1], written[1], padding[1], CHANNELS, CHANNELS)
    return Geometry(stride, down, across, False)


@pytest.mark.parametrize(
    ("read", "written", "padding", "stride", "over"),
    [
        ((9, 7), (9, 7), (1, 1), 1, True),
        ((9, 7), (7, 5), (0, 0), 1, True),
        ((9, 7), (5, 4), (1, 1), 2, True),
        ((8, 8), (4, 4), (0, 0), 2, True),
        ((9, 7), (11, 9), (2, 2), 1, False),  # a longer line catches up with what is read
        ((9, 7), (9, 9), (1, 2), 1, False),
        ((9, 7), (11, 7), (2, 1), 1, True),
        ((9, 7), (12, 7), (3, 1), 1, False),  # the first line comes before what it overwrites
        ((1, 7), (3, 7), (2, 1), 1, True),
    ],
)
def test_over_the_input(
    read: tuple[int, int], written: tuple[int, int], padding: tuple[int, int], stride: int, over: bool
) -> None:
    found = geometry(read, written, padding, stride)
    assert found.overlap() == (SameBase() if over else Apart())
    assert over == all(simulated(found, at_once) for at_once in ((1, 2) if stride == 1 else (1,)))


def simulated(found: Geometry, at_once: int) -> bool:
    """Go through the steps of a kernel: whether no element is overwritten before it is read."""
    lines, pixels = found.lines, found.pixels
    written: set[int] = set()
    next_line = 0
    for y in range(0, lines.written, at_once):
        wanted = (y + at_once - 1) * found.stride - lines.padding + 3
        for line in range(next_line, min(wanted, lines.read)):
            if written & {line * lines.read_step + x * pixels.read_step for x in range(pixels.read)}:
                return False
        next_line = max(next_line, wanted)
        for line in range(y, min(y + at_once, lines.written)):
            written |= set(np.arange(pixels.written) * pixels.written_step + line * lines.written_step)
    return True
