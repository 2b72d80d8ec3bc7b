"""A replay's timeline as a picture, or as an HTML page that holds the picture and a table of all results."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tinypack import __version__
from tinypack.drawing import check_drawing
from tinypack.output import write_file
from tinypack.replay.aligned import Aligned, align
from tinypack.replay.curves import is_new
from tinypack.replay.run import Replay, Timeline
from tinypack.templates_location import environment

TEMPLATE = "report/timeline.html.j2"
#: Format -> metadata that would differ from day to day, or from one matplotlib to the next.
METADATA: Mapping[str, Mapping[str, None]] = {"png": {"Software": None}, "svg": {"Date": None, "Creator": None}}


def draw_timeline(replay: Replay, timelines: Sequence[Timeline], path: Path) -> None:
    """Draw samples, features, scores and decisions: Python's, and those of boards beside them.

    The ending of `path` is .png, .svg or .html. The same results give the same bytes.
    Raises: TinypackError (io, missing-tool)
    """
    check_timeline(path)
    ours = replay.timeline
    rows = [align(ours, timeline) for timeline in (ours, *(other for other in timelines if other is not ours))]
    write_file(path, WRITERS[path.suffix.lower()](replay, rows))


def check_timeline(path: Path) -> None:
    """Find out whether it could be drawn there.

    Raises: TinypackError (io, missing-tool)
    """
    check_drawing(path, "a timeline", WRITERS)


def _png(replay: Replay, rows: Sequence[Aligned]) -> bytes:
    return _picture(replay, rows, "png")


def _svg(replay: Replay, rows: Sequence[Aligned]) -> bytes:
    return _picture(replay, rows, "svg")


def _html(replay: Replay, rows: Sequence[Aligned]) -> bytes:
    svg = _svg(replay, rows).decode()
    keys = sorted({key for row in rows for key in row.cells})
    members = list(dict.fromkeys(name for row in replay.timeline.rows for name in row.members))
    page = environment().overlay(autoescape=True).get_template(TEMPLATE)
    written = page.render(
        tinypack=__version__,
        package=replay.content.manifest.package,
        replay=replay,
        stream=replay.content.stream,
        picture=svg[svg.index("<svg") :],
        rows=rows,
        keys=keys,
        members=members,
        is_new=is_new,
    )
    return written.encode()


def _picture(replay: Replay, rows: Sequence[Aligned], kind: str) -> bytes:
    import matplotlib as mpl

    from tinypack.replay.drawing.figure import STYLE, draw

    drawn = io.BytesIO()
    with mpl.rc_context():
        mpl.rcdefaults()  # whatever the user's matplotlibrc says
        mpl.rcParams.update(STYLE)
        draw(replay, rows).savefig(drawn, format=kind, metadata=METADATA[kind], facecolor="white")
    return drawn.getvalue()


WRITERS: Mapping[str, Callable[[Replay, Sequence[Aligned]], bytes]] = {".png": _png, ".svg": _svg, ".html": _html}
