"""The picture in letters: a row a step, the arena from left to right."""

from __future__ import annotations

from dataclasses import dataclass

from tinypack.compile.memory_map import Block, MemoryMap

#: What becomes of a block at a step.
READ, WRITTEN, KEPT, SCRATCH, FREE = "read", "written", "kept", "working memory", "free"
BOTH = "written over what is read"


@dataclass(frozen=True)
class Row:
    step: int
    used: int  # bytes
    peak: bool  # no step uses more
    cells: tuple[str, ...]  # a role each


def memory_rows(memory: MemoryMap, size: int, width: int) -> list[Row]:
    """Draw an arena of so many bytes in rows of `width` cells, from before the first step to after the last."""
    steps = range(-1, len(memory.steps) + 1)
    most = max(map(memory.used, steps))
    return [
        Row(step, memory.used(step), memory.used(step) == most, tuple(_cells(memory, step, size, width)))
        for step in steps
    ]


def _cells(memory: MemoryMap, step: int, size: int, width: int) -> list[str]:
    cells = [FREE] * width
    spans = [(role, block.offset, block.end) for block in memory.at(step) for role in (_role(block, step),)]
    shared = [
        (BOTH, max(low, other_low), min(high, other_high))
        for role, low, high in spans
        for other, other_low, other_high in spans
        if (role, other) == (WRITTEN, READ)
    ]
    # What is drawn later stays; every block gets a cell.
    for wanted in (SCRATCH, KEPT, READ, WRITTEN, BOTH):
        for role, low, high in (*spans, *shared):
            if role == wanted and low < high:
                begin = min(width - 1, round(low * width / size))
                end = max(begin + 1, round(high * width / size))
                cells[begin:end] = [role] * (end - begin)
    return cells


def _role(block: Block, step: int) -> str:
    if block.kind == "scratch":
        return SCRATCH
    return WRITTEN if block.first == step else READ if block.last == step else KEPT
