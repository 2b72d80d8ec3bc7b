"""What all panels share: the axis of time, colours, and words beside the axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from matplotlib.axes import Axes

from tinypack.compile.stream import Stream
from tinypack.replay.aligned import Aligned, Cell
from tinypack.replay.run import Replay

INK, GREY, WRONG = "#30343b", "#9aa3ad", "#d1242f"
COLOURS = ("#1f6fb4", "#d9772b", "#3b9a57", "#7d56b5", "#8a5a3c", "#178f92", "#c75b9b", "#8c8f1f")
WIDTH = 11.0  # inches, of the picture
SMALL = 8  # points, of text in panels
LETTER = 0.0085  # of the axis' length, of small text


@dataclass(frozen=True, eq=False)
class View:
    """A replay on its axis: seconds, or numbers of pictures."""

    replay: Replay
    stream: Stream
    rows: Sequence[Aligned]  # Python's first

    @property
    def rate(self) -> float:
        """Samples of a channel to a unit of the axis."""
        return self.stream.front.rate if self.stream.streaming else 1.0

    @property
    def left(self) -> float:
        """How far a sample's left edge lies from its place: pictures stand around their numbers."""
        return 0.0 if self.stream.streaming else 0.5

    @property
    def hop(self) -> float:
        """From one frame to the next."""
        return self.stream.front.hop / self.stream.front.rate

    @property
    def step(self) -> float:
        """From one result to the next."""
        return self.stream.every * self.hop if self.stream.streaming else 1.0

    @cached_property
    def span(self) -> tuple[float, float]:
        """From the first sample to where the last result ceases to hold."""
        ends = [self.at(cell) + self.step for row in self.rows for cell in row.cells.values()]
        return -self.left, max([len(self.replay.samples) / self.rate, *ends]) - self.left

    @cached_property
    def results(self) -> np.ndarray:
        """When Python's results are there."""
        return np.array([self.at(cell) for cell in self.rows[0].cells.values()])

    def at(self, cell: Cell) -> float:
        return cell.row.at / 1000 if self.stream.streaming else float(cell.row.at)

    def letters(self, width: float) -> int:
        """Tell how many letters of small text a width takes."""
        first, last = self.span
        return int(width / (LETTER * (last - first)))


def cycle(count: int) -> list[str]:
    """Give as many colours, again from the first where they end."""
    return [COLOURS[i % len(COLOURS)] for i in range(count)]


def legend(axes: Axes, entries: Sequence[tuple[str, str]]) -> None:
    """Write names in their colours at the right: matplotlib's own legend leaves out those that begin with "_"."""
    for i, (name, colour) in enumerate(entries[: len(COLOURS)]):
        place = (1.01, 0.98 - 0.125 * i)
        axes.text(*place, short(name, 20), color=colour, transform=axes.transAxes, va="top", fontsize=SMALL)


def short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
