"""What every picture of an arena shows: blocks over steps and bytes, and the lines of the sums."""

from __future__ import annotations

from dataclasses import dataclass

from tinypack.compile.memory_map import Block, MapStep
from tinypack.errors import visible
from tinypack.inspection import Inspection

#: Activations take two colours by turns, so that those of one step differ.
TURNS = ("even", "odd")
#: What a colour or a pattern stands for, in the order of the legend.
LEGEND = {
    "input": "model's input",
    "even": "activations",
    "output": "model's output",
    "scratch": "working memory",
}


@dataclass(frozen=True)
class Shape:
    """A block: columns begin to end - 1, bytes low to high - 1."""

    begin: int
    end: int
    low: int
    high: int
    style: str  # a key of LEGEND, or one of TURNS
    label: str  # short, or nothing
    about: str
    grows: bool  # in its first column, over what is read there
    shrinks: bool  # in its last column, under what is written there

    @property
    def bytes(self) -> int:
        return self.high - self.low

    @property
    def middle(self) -> tuple[float, float]:
        """Column and byte."""
        return (self.begin + self.end + self.grows / 2 - self.shrinks / 2) / 2, (self.low + self.high) / 2

    def corners(self, least: float) -> tuple[tuple[float, float], ...]:
        """Give columns and bytes of the corners, so that it is at least so many bytes high."""
        high = max(self.high, self.low + least)
        return (
            (self.begin, self.low),
            (self.begin + self.grows, high),
            (self.end, high),
            (self.end - self.shrinks, self.low),
        )


@dataclass(frozen=True)
class Line:
    bytes: int
    style: str  # "peak" or "live"
    about: str


@dataclass(frozen=True)
class Scene:
    title: str
    columns: tuple[str, ...]  # the input, the steps, the output
    shapes: tuple[Shape, ...]
    lines: tuple[Line, ...]
    top: int  # bytes

    def ticks(self) -> range:
        """Choose four to ten round numbers of bytes for an axis."""
        size = 1
        while size * 10 <= self.top:
            size *= 10
        step = next((s for s in (size // 5, size // 2, size) if s and self.top // s < 10), 2 * size)
        return range(0, self.top + 1, step)


def scene(found: Inspection) -> Scene:
    """Lay out a program's memory."""
    memory = found.memory
    columns = ("input", *(step_label(step) for step in memory.steps), "output")
    lines = [Line(found.arena_bytes, "peak", f"arena {found.arena_bytes:,} B")]
    if found.live_bytes > found.arena_bytes:
        lines.append(Line(found.live_bytes, "live", f"{found.live_bytes:,} B if no activation lay over another"))
    tensors = [block for block in memory.blocks if block.kind != "scratch"]
    activations = [block for block in tensors if block.kind == "activation"]
    turns = {block.key: TURNS[i % len(TURNS)] for i, block in enumerate(activations)}
    shapes = (
        Shape(
            begin=b.first + 1,
            end=b.last + 2,
            low=b.offset,
            high=b.end,
            style=turns.get(b.key, b.kind),
            label=short_label(b),
            about=block_label(b),
            grows=any(shares(b, other) for other in tensors if other.last == b.first < b.last),
            shrinks=any(shares(b, other) for other in tensors if other.first == b.last > b.first),
        )
        for b in memory.blocks
    )
    title = f"{found.name}: arena over the layers"
    return Scene(visible(title), columns, tuple(shapes), tuple(lines), max(1, *(line.bytes for line in lines)))


def shares(block: Block, other: Block) -> bool:
    """Whether two blocks have bytes in common, at some time."""
    return block.offset < other.end and other.offset < block.end


def step_label(step: MapStep) -> str:
    """Name a step in few words."""
    nodes = f"{step.nodes[0]}" + f"-{step.nodes[-1]}" * (len(step.nodes) > 1)
    ops = "+".join(op.lower() for op in step.ops)
    return f"{nodes} {ops} {'x'.join(map(str, step.shape[1:] or step.shape))}"


def short_label(block: Block) -> str:
    """Give the size; of working memory only where it is not a kernel's, and what it is for."""
    if block.kind != "scratch":
        return f"{block.bytes:,}"
    return "" if block.name == "scratch" else f"{block.name} {block.bytes:,}"


def block_label(block: Block) -> str:
    name = visible(block.name.split(";")[0])
    return f"{block.kind} {name}: {block.bytes:,} B at {block.offset:,}"
