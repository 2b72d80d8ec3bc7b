"""The whole picture: samples, features, scores and decisions under each other, on one time axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from tinypack.replay.aligned import Aligned
from tinypack.replay.curves import curves, is_new
from tinypack.replay.drawing.inputs import draw_inputs, draw_recordings
from tinypack.replay.drawing.outputs import choose_colours, draw_decisions, draw_scores
from tinypack.replay.drawing.view import INK, SMALL, WIDTH, View
from tinypack.replay.run import Replay

STYLE: dict[Any, Any] = {  # matplotlib's types list every key
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.labelsize": 9,
    "axes.linewidth": 0.8,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "font.family": "DejaVu Sans",  # comes with matplotlib
    "font.size": 9,
    "hatch.linewidth": 0.6,
    "lines.linewidth": 0.9,
    "svg.fonttype": "none",
    "svg.hashsalt": "tinypack",  # ids are the same each time
    "text.color": INK,
    "text.parse_math": False,  # labels may hold a $
    "xtick.color": INK,
    "xtick.labelsize": SMALL,
    "ytick.color": INK,
    "ytick.labelsize": SMALL,
}
HEIGHTS = (1.5, 1.7, 1.7)  # inches, of samples, features and scores
STRIP = 0.55  # of a place


def draw(replay: Replay, rows: Sequence[Aligned]) -> Figure:
    """Draw it; matplotlib's settings should be STYLE."""
    stream = replay.content.stream
    assert stream is not None
    view = View(replay, stream, rows)
    heights = (*HEIGHTS, 0.3 + STRIP * len(rows))
    figure = Figure(figsize=(WIDTH, sum(heights) + 1.2), dpi=110, layout="constrained")
    places = figure.subplots(4, 1, sharex=True, height_ratios=heights)
    found = curves(stream, replay.found)
    colours = choose_colours(found)
    draw_inputs(places[0], places[1], view)
    draw_scores(places[2], view, found, colours)
    draw_decisions(places[3], view, colours)
    draw_recordings(places[:3], view)
    for row, time in zip(replay.timeline.rows, view.results, strict=True):
        for axes in places[:3] if stream.streaming and is_new(row) else ():
            axes.axvline(time, color=INK, linewidth=0.7, linestyle=":")
    places[3].set(xlabel="time, s" if stream.streaming else "picture", xlim=view.span)
    if not stream.streaming:
        places[3].xaxis.set_major_locator(MaxNLocator(integer=True))
    figure.align_ylabels(places[:3])
    return figure
