"""The least slide of windows, against a replay of all reads and writes on one memory."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinypack.ops.overlap import Slide, in_order, slide
from tinypack.ops.window_slide import Windows

#: What a kernel does: ("r" or "w", byte of the input or the output).
Access = tuple[str, int]


def window(w: Windows, b: int, y: int, x: int) -> Iterator[int]:
    """Pixels of the input that an output pixel reads."""
    for i, j in product(range(w.filter_h), range(w.filter_w)):
        row, column = y * w.stride_h - w.pad_top + i * w.dilation_h, x * w.stride_w - w.pad_left + j * w.dilation_w
        if 0 <= row < w.in_h and 0 <= column < w.in_w:
            yield (b * w.in_h + row) * w.in_w + column


def pixels(w: Windows, at_once: int) -> Iterator[Access]:
    for b in range(w.batches):
        order = iter(list(product(range(w.out_h), range(w.out_w))))
        while group := list(islice(order, at_once)):
            for y, x in group:
                yield from (("r", at * w.in_depth + c) for at in window(w, b, y, x) for c in range(w.in_depth))
            for y, x in group:
                pixel = (b * w.out_h + y) * w.out_w + x
                yield from (("w", pixel * w.out_depth + c) for c in range(w.out_depth))


def elements(w: Windows, groups: int) -> Iterator[Access]:
    for b, y, x, c in product(range(w.batches), range(w.out_h), range(w.out_w), range(w.out_depth)):
        first = c // (w.out_depth // groups) * (w.in_depth // groups)
        for at in window(w, b, y, x):
            yield from (("r", at * w.in_depth + first + k) for k in range(w.in_depth // groups))
        yield "w", ((b * w.out_h + y) * w.out_w + x) * w.out_depth + c


def is_safe(accesses: list[Access], distance: int) -> bool:
    written = set()
    for kind, at in accesses:
        if kind == "w":
            written.add(at - distance)
        elif at in written:
            return False
    return True


def least(accesses: list[Access]) -> int:
    return next(distance for distance in count() if is_safe(accesses, distance))


@st.composite
def windows(draw: st.DrawFn) -> tuple[Windows, int]:
    """Draw a geometry and its number of groups."""
    size, taps, stride, dilation, pad = (
        (draw(st.integers(low, most)), draw(st.integers(low, most)))
        for low, most in ((1, 5), (1, 4), (1, 3), (1, 2), (0, 3))
    )
    out = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    groups = draw(st.integers(1, 2))
    depth, out_depth = groups * draw(st.integers(1, 3)), groups * draw(st.integers(1, 3))
    return Windows(*size, depth, *out, out_depth, *taps, *stride, *pad, *dilation, draw(st.integers(1, 2))), groups


@settings(max_examples=150, deadline=None)
@given(windows(), st.integers(1, 3))
def test_slides_are_safe_and_least(drawn: tuple[Windows, int], at_once: int) -> None:
    geometry, groups = drawn
    assert geometry.pixel_slide(at_once).distance == least(list(pixels(geometry, at_once)))
    assert geometry.element_slide(groups).distance == least(list(elements(geometry, groups)))


def pointwise(side: int, depth: int, out_depth: int) -> Windows:
    return Windows(side, side, depth, side, side, out_depth, 1, 1, 1, 1, 0, 0)


@pytest.mark.parametrize(
    ("geometry", "at_once", "distance"),
    [
        (pointwise(25, 64, 64), 2, 0),
        (pointwise(24, 64, 32), 2, 0),
        (pointwise(4, 8, 16), 1, 15 * 8),
        (pointwise(4, 8, 16), 2, 14 * 8),
        (Windows(96, 96, 3, 48, 48, 8, 3, 3, 2, 2, 0, 0), 2, 92),
        (Windows(32, 32, 16, 32, 32, 16, 3, 3, 1, 1, 1, 1), 2, 33 * 16),
    ],
)
def test_layers_of_models(geometry: Windows, at_once: int, distance: int) -> None:
    assert geometry.pixel_slide(at_once) == Slide(distance)


def test_kernels_without_windows() -> None:
    assert in_order(10, 4, 1) == in_order(10, 1, 1) == in_order(1, 1, 4) == Slide(0)
    assert in_order(10, 1, 4) == slide(4 * np.arange(10), np.arange(10)) == Slide(27)
