"""The picture as SVG: for light and dark screens, without any library. The same program gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from tinypack.memory.scene import LEGEND, Scene, Shape

LEFT, TOP, RIGHT, BOTTOM = 70, 58, 20, 180  # pixels around the plot
HEIGHT = 380
COLUMNS = 900  # pixels, if none of them gets too wide or too narrow
NARROWEST, WIDEST = 22, 90
FONT = 11  # pixels
LETTER = 6.2  # pixels, about
THINNEST = 1.5  # pixels of a block
#: Where the words about a line stand: lines may be close to each other.
SIDES = {"peak": (0, "start"), "live": (1, "end")}

STYLE = """
.memory { --page: #fff; --ink: #1b1f24; --faint: #57606a; --grid: #d0d7de; --input: #8250df; --even: #1f6fb4;
  --odd: #1a8f7a; --output: #c9510c; --scratch: #6e7781; --peak: #a40e26; background: var(--page);
  font: 11px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
@media screen and (prefers-color-scheme: dark) {
  .memory { --page: #0d1117; --ink: #e6edf3; --faint: #9198a1; --grid: #30363d; --input: #b083f0; --even: #5b9cf0;
    --odd: #39c5a8; --output: #f0883e; --scratch: #9198a1; --peak: #ff8f87; }
}
.memory text { fill: var(--ink); }
.memory .faint { fill: var(--faint); }
.memory .title { font-size: 14px; font-weight: 600; }
.memory .grid { stroke: var(--grid); }
.memory .block { fill-opacity: .72; stroke: var(--page); stroke-width: .8; }
.memory .size { pointer-events: none; fill: #fff; text-anchor: middle; }
.memory .input { fill: var(--input); } .memory .even { fill: var(--even); } .memory .odd { fill: var(--odd); }
.memory .output { fill: var(--output); }
.memory .scratch { fill: url(#memory-hatch); stroke: var(--scratch); }
.memory .hatch { stroke: var(--scratch); stroke-width: 1.6; }
.memory .peak { stroke: var(--peak); stroke-width: 1.4; } .memory .live { stroke: var(--faint); stroke-dasharray: 5 4; }
.memory text.peak, .memory text.live { stroke: var(--page); stroke-width: 4; stroke-dasharray: none;
  paint-order: stroke; }
.memory text.peak { fill: var(--peak); } .memory text.live { fill: var(--faint); }
@media screen and (prefers-color-scheme: dark) { .memory .size { fill: #0d1117; } }
.memory .on-scratch { fill: var(--ink); stroke: var(--page); stroke-width: 4; paint-order: stroke; }
"""
HATCH = (
    '<pattern id="memory-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path class="hatch" d="M0 0V6"/></pattern>'
)


def svg_picture(scene: Scene) -> str:
    """Draw a scene."""
    return "\n".join(_Drawing(scene).lines()) + "\n"


class _Drawing:
    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.column = min(WIDEST, max(NARROWEST, COLUMNS / len(scene.columns)))
        self.right = LEFT + self.column * len(scene.columns)
        # Words about lines and the legend need their room.
        self.width = max(self.right + RIGHT, 720)

    def lines(self) -> Iterator[str]:
        size = f"{self.width:g} {TOP + HEIGHT + BOTTOM}"
        yield f'<svg xmlns="http://www.w3.org/2000/svg" class="memory" viewBox="0 0 {size}" width="{self.width:g}">'
        yield f"<style>{STYLE}</style>"
        yield f"<defs>{HATCH}</defs>"
        yield f'<text class="title" x="{LEFT}" y="20">{escape(self.scene.title)}</text>'
        yield from self._legend()
        yield from self._axis()
        yield from map(self._block, self.scene.shapes)
        yield from self._sizes()
        yield from self._sums()
        yield "</svg>"

    def x(self, column: float) -> float:
        return round(LEFT + self.column * column, 1)

    def y(self, byte: float) -> float:
        return round(TOP + HEIGHT * (1 - byte / self.scene.top), 1)

    def _legend(self) -> Iterator[str]:
        at = float(LEFT)
        for style, about in LEGEND.items():
            yield f'<rect class="block {style}" x="{at:g}" y="30" width="12" height="12"/>'
            yield f'<text x="{at + 17:g}" y="40">{about}</text>'
            at = round(at + 34 + LETTER * len(about), 1)

    def _axis(self) -> Iterator[str]:
        for byte in self.scene.ticks():
            y = self.y(byte)
            yield f'<path class="grid" d="M{LEFT} {y}H{self.right:g}"/>'
            yield f'<text class="faint" text-anchor="end" x="{LEFT - 6}" y="{y + 4:g}">{byte:,}</text>'
        for i, label in enumerate(self.scene.columns):
            place = f"translate({self.x(i + 0.5) + 4} {TOP + HEIGHT + 10}) rotate(-55)"
            yield f'<text text-anchor="end" transform="{place}">{escape(label)}</text>'

    def _block(self, shape: Shape) -> str:
        corners = shape.corners(self.scene.top * THINNEST / HEIGHT)
        points = " ".join(f"{self.x(column)},{self.y(byte)}" for column, byte in corners)
        return f'<polygon class="block {shape.style}" points="{points}"><title>{escape(shape.about)}</title></polygon>'

    def _sizes(self) -> Iterator[str]:
        for shape in self.scene.shapes:
            text = shape.label
            width = self.x(shape.end - shape.shrinks) - self.x(shape.begin)
            height = self.y(shape.low) - self.y(shape.high)
            if text and width >= LETTER * len(text) and height >= FONT + 3:
                x, y = self.x(shape.middle[0]), self.y(shape.middle[1])
                yield f'<text class="size on-{shape.style}" x="{x}" y="{y + 4:g}">{text}</text>'

    def _sums(self) -> Iterator[str]:
        count = len(self.scene.columns)
        for line in self.scene.lines:
            y = self.y(line.bytes)
            yield f'<path class="{line.style}" d="M{LEFT} {y}H{self.right:g}"/>'
            x, anchor = SIDES[line.style]
            place = f'text-anchor="{anchor}" x="{self.x(x * count)}" y="{y - 4:g}"'
            yield f'<text class="{line.style}" {place}>{line.about}</text>'
