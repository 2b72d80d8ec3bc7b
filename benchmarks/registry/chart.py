"""Draw what `benchmarks.registry` measured, over the number of packages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

INK, COLOUR = "#30343b", "#1f6fb4"
Row = Mapping[str, Any]
#: Title -> what is drawn of a row, and the most that it may be.
PANELS: dict[str, tuple[Callable[[Row], float], float | None]] = {
    "publish: bytes but archives, KB": (lambda row: row["published"]["other_bytes"] / 1024, None),
    "publish: files": (lambda row: row["published"]["files"], None),
    "resolve, warm, ms": (lambda row: row["asked"]["resolve_ms"], 20),
    "search, warm, ms": (lambda row: row["asked"]["search_ms"], 200),
    "peak memory of a client, MiB": (lambda row: row["asked"]["peak_mib"], None),
}


def draw(rows: Sequence[Row], path: Path) -> None:
    """Draw one panel a figure, with its limit where there is one."""
    style = {"font.size": 8, "axes.spines.right": False, "axes.spines.top": False, "axes.edgecolor": INK}
    with mpl.rc_context(style):
        figure = Figure((11, 2.4), layout="constrained")
        for axes, (title, (value, most)) in zip(figure.subplots(1, len(PANELS)), PANELS.items(), strict=True):
            heights = [value(row) for row in rows]
            bars = axes.bar([f"{row['packages']:,}" for row in rows], heights, color=COLOUR, width=0.6)
            axes.bar_label(bars, [f"{height:,.3g}" if height < 1000 else f"{height:,.0f}" for height in heights])
            axes.set_title(title, loc="left", color=INK, fontsize=9)
            axes.set_ylim(0, max(heights) * 1.2)
            axes.set_yticks([])
            axes.spines["left"].set_visible(False)
            if most is not None:
                axes.set_xlabel(f"packages; at most {most:g} asked for")
            else:
                axes.set_xlabel("packages")
        figure.savefig(path, dpi=150, metadata={"Software": None})
