"""Panels of what comes out: scores or values, and what is decided, a strip a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from textwrap import fill

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from tinypack.replay.aligned import Aligned, Cell
from tinypack.replay.curves import ANOMALY, Curve, is_new, state
from tinypack.replay.drawing.view import COLOURS, GREY, INK, SMALL, WRONG, View, legend, short

UNUSUAL = "#b8860b"  # the colour of anomalies
MARKED = 200  # results that get a point each
HIGH = 4.0  # a score, from which on the axis is logarithmic: those of anomalies reach 64
LEAST = 3  # letters of a name
TICKS = (0, 1, 2, 4, 8, 16, 32, 64)


def choose_colours(found: Sequence[Curve]) -> dict[str, str]:
    """Give the curves that reach highest a colour, in the order of labels."""
    highest = sorted(found, key=lambda curve: -curve.values.max(initial=-np.inf))[: len(COLOURS)]
    chosen = dict(zip((curve.name for curve in found if curve in highest), COLOURS, strict=False))
    return {name: UNUSUAL if name == ANOMALY else colour for name, colour in chosen.items()}


def draw_scores(axes: Axes, view: View, found: Sequence[Curve], colours: Mapping[str, str]) -> None:
    """Draw a curve each, those with a colour over the others, and their thresholds."""
    marker = "." if len(view.results) <= MARKED else ""
    line = "-" if view.stream.streaming else "none"  # pictures have nothing between them
    for curve in sorted(found, key=lambda curve: curve.name in colours):
        colour = colours.get(curve.name, GREY)
        axes.plot(view.results, curve.values, linestyle=line, marker=marker, color=colour)
    for limit in dict.fromkeys(curve.threshold for curve in found):
        if limit is not None:
            names = [curve.name for curve in found if curve.threshold == limit]
            colour = colours.get(names[0], GREY) if len(names) == 1 else INK
            axes.axhline(limit, color=colour, linewidth=0.8, linestyle="--")
    units = list(dict.fromkeys(curve.unit for curve in found if curve.unit))
    values = found[0].threshold is None
    axes.set_ylabel("score" if not values else units[0] if len(units) == 1 else "value")
    if not values:
        _scale(axes, found)
    said = {curve.name: f"{curve.name}, {curve.unit}" for curve in found if curve.unit and len(units) > 1}
    legend(axes, [(said.get(name, name), colour) for name, colour in colours.items()])


def _scale(axes: Axes, found: Sequence[Curve]) -> None:
    values = np.stack([curve.values for curve in found])
    low, high = values.min(initial=0.0), values.max(initial=0.0)
    axes.set_ylim(bottom=low)
    if high > HIGH:
        axes.set_yscale("symlog", linthresh=1, linscale=1)
        axes.set_yticks(TICKS, list(map(str, TICKS)))
        axes.set_ylim(low, 1.2 * high)


def draw_decisions(axes: Axes, view: View, colours: Mapping[str, str]) -> None:
    """Draw a strip a place: what was decided holds until the next result; triangles mark what is new."""
    for y, row in enumerate(view.rows):
        for _, group in groupby(row.cells.values(), key=lambda cell: (state(cell.row.members), cell.finding)):
            _run(axes, view, y, list(group), colours)
        _news(axes, view, y, row)
    others = [fill(f"{row.timeline.place}: {row.verdict}", 24) for row in view.rows[1:]]
    axes.set_yticks(range(len(view.rows)), [view.rows[0].timeline.place, *others])
    for tick, row in zip(axes.get_yticklabels(), view.rows, strict=True):
        tick.set_color(INK if row.good else WRONG)
    axes.set_ylim(len(view.rows) - 0.45, -0.6)
    axes.tick_params(axis="y", length=0)


def _run(axes: Axes, view: View, y: int, cells: Sequence[Cell], colours: Mapping[str, str]) -> None:
    """Draw equal results that follow each other as one box."""
    name, accepted = state(cells[0].row.members)
    finding = cells[0].finding
    start = view.at(cells[0]) - view.left
    width = view.at(cells[-1]) - view.left + view.step - start
    box = Rectangle((start, y - 0.12), width, 0.44, linewidth=0)
    box.set_facecolor("none" if finding == "missing" else colours.get(name, GREY))
    box.set_alpha(0.85 if accepted else 0.22)
    if finding != "same":
        box.set(alpha=1, edgecolor=WRONG, linewidth=1.6, hatch="////")
    axes.add_patch(box)
    text = name if finding != "missing" else finding
    if len(text) < view.letters(width):
        middle = (start + width / 2, y + 0.1)
        drawn = axes.text(*middle, text, ha="center", va="center", fontsize=SMALL, color="white" if accepted else INK)
        if finding != "same":
            drawn.set(color=WRONG, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})


def _news(axes: Axes, view: View, y: int, row: Aligned) -> None:
    """Mark what a place found new, each with as much of its name as there is room until the next."""
    new = [cell for cell in row.cells.values() if is_new(cell.row) and cell.finding != "missing"]
    places = [view.at(cell) for cell in new]
    for cell, place, end in zip(new, places, [*places, view.span[1]][1:], strict=True):
        axes.plot(place, y - 0.22, "v", color=INK, markersize=5, clip_on=False)
        letters = view.letters(end - place) - 3
        if letters >= LEAST:
            name, _ = state(cell.row.members)
            text = short(name, letters)
            axes.annotate(text, (place, y - 0.24), (6, 0), textcoords="offset points", va="center", fontsize=SMALL)
