"""Bars of the instructions of each layer: a panel a target and optimisation, layers from above as they are called."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from tinypack.profile.layers import Layer
from tinypack.profile.measure import Profile
from tinypack.profile.page import layer_label, millions

INK, BAR = "#30343b", "#1f6fb4"
STYLE: dict[Any, Any] = {  # matplotlib's types list every key
    "axes.edgecolor": INK,
    "axes.spines.bottom": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "font.family": "DejaVu Sans",  # comes with matplotlib
    "font.size": 8,
    "text.color": INK,
    "text.parse_math": False,  # names may hold a $
    "ytick.color": INK,
    "ytick.left": False,
}
NAMES, PANEL, ROW, HEAD = 2.3, 2.8, 0.21, 0.4  # inches
ACROSS = 3  # panels beside each other, at most


def chart(profiles: Sequence[Profile]) -> bytes:
    """Draw a PNG; the profiles are of one package."""
    first = profiles[0]
    layers = [layer for layer in first.layers if layer.node is not None]
    columns = min(len(profiles), ACROSS)
    rows = -(-len(profiles) // columns)
    with mpl.rc_context():
        mpl.rcdefaults()  # whatever the user's matplotlibrc says
        mpl.rcParams.update(STYLE)
        size = (NAMES + PANEL * columns, HEAD + (HEAD + ROW * max(len(layers), 3)) * rows)
        figure = Figure(figsize=size, dpi=130, layout="constrained")
        figure.suptitle(f"{first.package}: instructions of an inference by layer, and for each MAC", fontsize=9)
        panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).flat
        for axes, profile in zip(panels, profiles, strict=False):
            _panel(axes, profile)
        for axes in panels[len(profiles) :]:
            axes.set_axis_off()
        panels[0].set_yticks(range(len(layers)), [layer_label(layer) for layer in layers])
        panels[0].invert_yaxis()
        panels[0].set_xlim(0, max(layer.instructions for profile in profiles for layer in profile.layers) * 1.45)
        drawn = io.BytesIO()
        figure.savefig(drawn, format="png", metadata={"Software": None}, facecolor="white")
    return drawn.getvalue()


def _panel(axes: Any, profile: Profile) -> None:
    layers = [layer for layer in profile.layers if layer.node is not None]
    counts = [layer.instructions for layer in layers]
    bars = axes.barh(range(len(layers)), counts, color=BAR, height=0.7)
    axes.bar_label(bars, [_note(layer) for layer in layers], padding=3, fontsize=7)
    axes.set_title(f"{profile.target.id} {profile.opt}: {millions(profile.instructions)}", loc="left", fontsize=8)
    axes.set_xticks([])


def _note(layer: Layer) -> str:
    return f"{millions(layer.instructions)}  {f'{layer.per_mac:.2f}' if layer.macs else ''}".rstrip()
