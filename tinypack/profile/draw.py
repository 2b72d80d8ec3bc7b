"""Profiles as a bar chart of the layers, or as an HTML page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tinypack.drawing import check_drawing
from tinypack.output import write_file
from tinypack.profile.measure import Profile
from tinypack.profile.page import html_page


def draw_profiles(profiles: Sequence[Profile], path: Path) -> None:
    """Draw the layers of one package's profiles; the ending of `path` is .png or .html.

    The same profiles give the same bytes.
    Raises: TinypackError (io, missing-tool)
    """
    check_profiles(path)
    write_file(path, WRITERS[path.suffix.lower()](profiles))


def check_profiles(path: Path) -> None:
    """Find out whether it could be drawn there.

    Raises: TinypackError (io, missing-tool)
    """
    check_drawing(path, "a drawing", WRITERS, plain=(".html",))


def _png(profiles: Sequence[Profile]) -> bytes:
    from tinypack.profile.chart import chart

    return chart(profiles)


def _html(profiles: Sequence[Profile]) -> bytes:
    return html_page(profiles).encode()


WRITERS: Mapping[str, Callable[[Sequence[Profile]], bytes]] = {".png": _png, ".html": _html}
