"""The picture as PNG, by matplotlib."""

from __future__ import annotations

import io
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Polygon

from tinypack.memory.scene import LEGEND, Scene

INK, FAINT, GRID = "#30343b", "#57606a", "#d0d7de"
COLOURS = {"input": "#8250df", "even": "#1f6fb4", "odd": "#1a8f7a", "output": "#c9510c", "scratch": "#6e7781"}
LINES: dict[str, dict[str, Any]] = {
    "peak": {"color": "#a40e26", "linewidth": 1.2},
    "live": {"color": FAINT, "linewidth": 1.0, "linestyle": (0, (5, 4))},
}
SIDES = {"peak": (0, "left"), "live": (1, "right")}  # lines may be close to each other
TEXTS: dict[str, dict[str, Any]] = {
    "scratch": {"color": INK, "bbox": {"facecolor": "white", "edgecolor": "none", "pad": 1}}  # on its pattern
}
STYLE: dict[Any, Any] = {  # matplotlib's types list every key
    "axes.edgecolor": GRID,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "font.family": "DejaVu Sans",  # comes with matplotlib
    "font.size": 8,
    "hatch.linewidth": 0.9,
    "text.color": INK,
    "text.parse_math": False,  # names may hold a $
    "xtick.color": INK,
    "ytick.color": FAINT,
}
COLUMN, HEIGHT = 0.34, 5.2  # inches
LEAST_WIDTH, MOST_WIDTH = 7.5, 40.0
DPI = 130


def chart(scene: Scene) -> bytes:
    """Draw a scene as PNG, the same bytes each time."""
    with mpl.rc_context():
        mpl.rcdefaults()  # whatever the user's matplotlibrc says
        mpl.rcParams.update(STYLE)
        width = min(MOST_WIDTH, max(LEAST_WIDTH, 1 + COLUMN * len(scene.columns)))
        figure = Figure(figsize=(width, HEIGHT), dpi=DPI, layout="constrained")
        axes = figure.subplots()
        _blocks(axes, scene)
        _sums(axes, scene)
        axes.set(xlim=(0, len(scene.columns)), ylim=(0, scene.top * 1.06))
        axes.set_xticks([i + 0.5 for i in range(len(scene.columns))], scene.columns, rotation=55, ha="right")
        axes.set_xticks([], minor=True)
        axes.set_yticks(scene.ticks(), [f"{byte:,}" for byte in scene.ticks()])
        axes.grid(axis="y", color=GRID, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.tick_params(length=0)
        axes.set_title(scene.title, loc="left", fontsize=10, pad=24)
        handles = [Patch(**_look(style), label=about) for style, about in LEGEND.items()]
        axes.legend(handles=handles, loc="lower left", bbox_to_anchor=(0, 1), ncols=4, frameon=False, borderaxespad=0.2)
        drawn = io.BytesIO()
        figure.savefig(drawn, format="png", metadata={"Software": None}, facecolor="white")
    return drawn.getvalue()


def _look(style: str) -> dict[str, Any]:
    colour = COLOURS[style]
    if style == "scratch":
        return {"facecolor": "none", "edgecolor": colour, "hatch": "/////", "linewidth": 0.6}
    return {"facecolor": (colour, 0.72), "edgecolor": "white", "linewidth": 0.6}


def _blocks(axes: Any, scene: Scene) -> None:
    for shape in scene.shapes:
        axes.add_patch(Polygon(shape.corners(scene.top / 250), **_look(shape.style)))
        wide = shape.end - shape.begin - shape.shrinks
        if wide * COLUMN > 0.3 and shape.bytes > scene.top / 25:
            place = {"ha": "center", "va": "center", "fontsize": 6.5}
            axes.text(*shape.middle, shape.label, **place, **TEXTS.get(shape.style, {"color": "white"}))


def _sums(axes: Any, scene: Scene) -> None:
    for line in scene.lines:
        look = LINES[line.style]
        axes.axhline(line.bytes, **look)
        x, side = SIDES[line.style]
        place = (x * len(scene.columns), line.bytes + scene.top / 120)
        axes.text(*place, line.about, ha=side, va="bottom", color=look["color"])
