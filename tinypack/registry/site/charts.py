"""Charts whose lines are SVG and whose words are HTML: lines stretch with the page, words stay as large as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log10

from tinypack.registry.entries import BoardResult
from tinypack.verify.bars import LONGEST, THICK, Chart, chart

WIDTH, HEIGHT = 1000, 300  # of the drawing's own units
EDGE = 30  # on the left and right, so that dots are whole
MOST_VERSIONS = 30
MOST_LINES = 6
#: What is compared between boards: field of BoardResult -> title.
COMPARED = {
    "instructions": "Instructions of one inference",
    "frame_instructions": "Instructions of one frame of features",
    "flash_bytes": "Flash of the whole self-test, bytes",
    "ram_bytes": "Static RAM of the whole self-test, bytes",
    "stack_bytes": "Stack of one inference, bytes",
}

#: Name -> a figure for each version, None where there is none.
Rows = Mapping[str, Sequence[int | None]]


@dataclass(frozen=True)
class Curve:
    """A line of a chart.

    path    in SVG's words; gaps where there is no figure
    dots    the same, a dot for each figure
    number  of its colour and dash, from 1
    """

    name: str
    number: int
    path: str
    dots: str
    figures: Sequence[str]


@dataclass(frozen=True)
class LineChart:
    """Figures over versions. `slots` are the versions' names, from left to right."""

    title: str
    unit: str
    slots: Sequence[str]
    top: str
    curves: Sequence[Curve]
    box: str = f"0 0 {WIDTH} {HEIGHT}"
    right: int = WIDTH
    bottom: int = HEIGHT


@dataclass(frozen=True)
class Bars:
    """Figures over boards, a bar each."""

    chart: Chart
    box: str = f"0 0 {LONGEST} {THICK}"


def over_versions(
    title: str, unit: str, versions: Sequence[str], rows: Mapping[str, Sequence[int | None]]
) -> LineChart:
    """Draw one line for each row, a place for each version."""
    top = _round_up(max((value for row in rows.values() for value in row if value is not None), default=0))
    step = (WIDTH - 2 * EDGE) / max(1, len(versions) - 1)
    curves = []
    for i, (name, row) in enumerate(rows.items(), 1):
        places = [None if value is None else _place(EDGE + step * x, value / top) for x, value in enumerate(row)]
        path, pen = "", "M"
        for place in places:
            path, pen = (path + pen + place, "L") if place else (path, "M")
        dots = "".join(f"M{place}h0" for place in places if place)
        curves.append(Curve(name, i, path, dots, ["–" if value is None else f"{value:,}" for value in row]))
    return LineChart(title, unit, versions, f"{top:,}", curves)


def over_boards(results: Mapping[str, BoardResult]) -> list[Bars]:
    """Draw what was measured on the boards that gave right results."""
    right = {name: result for name, result in results.items() if result.status == "verified"}
    found = []
    for field, title in COMPARED.items():
        figures = {name: getattr(result, field) for name, result in right.items()}
        measured = sorted((value, name) for name, value in figures.items() if value is not None)
        if measured:
            found.append(Bars(chart(title, {name: [value] for value, name in measured})))
    return found


def _place(x: float, part: float) -> str:
    return f"{x:.0f} {HEIGHT * (1 - part):.0f}"


def _round_up(value: int) -> int:
    """Give the next of 1, 1.5, 2, 3, 4, 5, 6, 8, 10 times a power of ten."""
    if value < 1:
        return 1
    unit = 10 ** int(log10(value))
    return next(int(unit * step) for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10, 20) if unit * step >= value)
