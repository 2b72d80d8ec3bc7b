"""The picture as a file: PNG, SVG, or an HTML page that holds it and a table of all blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tinypack import __version__
from tinypack.drawing import check_drawing
from tinypack.inspection import Inspection
from tinypack.memory.scene import scene
from tinypack.memory.svg import svg_picture
from tinypack.output import write_file
from tinypack.templates_location import environment

TEMPLATE = "report/memory.html.j2"


def draw_memory(found: Inspection, path: Path) -> None:
    """Draw an arena; the ending of `path` is .png, .svg or .html. The same program gives the same bytes.

    Raises: TinypackError (io, missing-tool)
    """
    check_picture(path)
    write_file(path, WRITERS[path.suffix.lower()](found))


def check_picture(path: Path) -> None:
    """Find out whether it could be drawn there.

    Raises: TinypackError (io, missing-tool)
    """
    check_drawing(path, "a picture", WRITERS, plain=(".svg", ".html"))


def _png(found: Inspection) -> bytes:
    from tinypack.memory.chart import chart

    return chart(scene(found))


def _svg(found: Inspection) -> bytes:
    return svg_picture(scene(found)).encode()


def _html(found: Inspection) -> bytes:
    page = environment().overlay(autoescape=True).get_template(TEMPLATE)
    drawn = scene(found)
    written = page.render(tinypack=__version__, found=found, scene=drawn, picture=svg_picture(drawn))
    return written.encode()


WRITERS: Mapping[str, Callable[[Inspection], bytes]] = {".png": _png, ".svg": _svg, ".html": _html}
