"""Profiles as a bar chart of the layers, or as an HTML page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tinypack.errors import TinypackError
from tinypack.output import write_file
from tinypack.profile.measure import Profile
from tinypack.profile.page import html_page


def draw_profiles(profiles: Sequence[Profile], path: Path) -> None:
    """Draw the layers of one package's profiles; the ending of `path` is .png or .html.

    The same profiles give the same bytes.
    Raises: TinypackError (io, missing-tool)
    """
    check_drawing(path)
    write_file(path, WRITERS[path.suffix.lower()](profiles))


def check_drawing(path: Path) -> None:
    """Find out whether profiles could be drawn there, before the work that they take.

    Raises: TinypackError (io) for another ending, (missing-tool) without matplotlib where it draws
    """
    if path.suffix.lower() not in WRITERS:
        rule = f"a drawing's file must end in {', '.join(WRITERS)}"
        raise TinypackError.one("io", str(path), rule, path.suffix or "no ending", "choose one of these endings")
    if path.suffix.lower() == ".png":
        try:
            import matplotlib  # noqa: F401
        except ImportError:
            rule, hint = "matplotlib draws pictures", "pip install 'tinypack[draw]', or write an .html"
            raise TinypackError.one("missing-tool", str(path), rule, "matplotlib is not installed", hint) from None


def _png(profiles: Sequence[Profile]) -> bytes:
    from tinypack.profile.chart import chart

    return chart(profiles)


def _html(profiles: Sequence[Profile]) -> bytes:
    return html_page(profiles).encode()


WRITERS: Mapping[str, Callable[[Sequence[Profile]], bytes]] = {".png": _png, ".html": _html}
