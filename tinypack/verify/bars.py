"""Bars of one figure for each board, placed for an SVG picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: In the picture's own pixels: the places of the names, bars and figures, a row's height and a bar's.
NAMES, LONGEST, FIGURES, ROW, THICK = 140, 260, 180, 20, 12
GAP = 6  # between a bar and its figures


@dataclass(frozen=True)
class Bar:
    """A board: its least and its most."""

    name: str
    figures: str
    y: int
    least: float  # widths
    most: float
    end: float  # where its figures stand


@dataclass(frozen=True)
class Chart:
    title: str
    bars: Sequence[Bar]
    width: int = NAMES + LONGEST + FIGURES
    left: int = NAMES
    thick: int = THICK

    @property
    def height(self) -> int:
        return ROW * len(self.bars)


def chart(title: str, measured: Mapping[str, Sequence[int]]) -> Chart:
    """Place one bar a board, below each other; measured: name -> figures, at least one."""
    longest = max((max(figures) for figures in measured.values()), default=0) or 1
    bars = []
    for i, (name, figures) in enumerate(measured.items()):
        low, high = min(figures), max(figures)
        least, most = (round(LONGEST * value / longest, 1) for value in (low, high))
        text = f"{low:,}" if low == high else f"{low:,} – {high:,}"
        bars.append(Bar(name, text, ROW * i, least, most, NAMES + most + GAP))
    return Chart(title, bars)
