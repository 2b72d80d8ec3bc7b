"""What lies where in the arena, and when: the memory plan as people and pictures want it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from tinypack.compile.lives import is_view
from tinypack.compile.plan import Buffer
from tinypack.graph import Graph

if TYPE_CHECKING:
    from tinypack.compile.row_groups import RowGroup


@dataclass(frozen=True)
class Block:
    """A buffer. Steps are numbered from 0; -1 is before the first, their number after the last; both inclusive."""

    key: int  # of the tensor that it is for; below 0 for working memory
    name: str
    kind: str  # "input", "output", "activation" or "scratch"
    offset: int  # bytes
    bytes: int
    first: int
    last: int

    @property
    def end(self) -> int:
        return self.offset + self.bytes


@dataclass(frozen=True)
class MapStep:
    """A node that computes something, or several that run row by row as one."""

    nodes: tuple[int, ...]
    ops: tuple[str, ...]
    name: str  # of the output
    shape: tuple[int, ...]


@dataclass(frozen=True)
class MemoryMap:
    steps: tuple[MapStep, ...]
    blocks: tuple[Block, ...]

    def at(self, step: int) -> list[Block]:
        """Give what is alive at a step, from the lowest offset on."""
        return sorted((b for b in self.blocks if b.first <= step <= b.last), key=lambda b: (b.offset, b.key))

    def used(self, step: int) -> int:
        """Count the bytes that something lives in at a step."""
        alive = self.at(step)
        ends = accumulate((b.end for b in alive), max, initial=0)
        return sum(max(0, b.end - max(b.offset, end)) for b, end in zip(alive, ends, strict=False))

    def with_blocks(self, *more: Block) -> MemoryMap:
        return replace(self, blocks=(*self.blocks, *(block for block in more if block.bytes)))


def memory_map(
    graph: Graph,
    groups: Sequence[RowGroup],
    buffers: Sequence[Buffer],
    offsets: Mapping[int, int],
    home: Mapping[int, int],
) -> MemoryMap:
    """Describe a plan of a graph; each group of nodes is one of its nodes, the last."""
    positions = [i for i, node in enumerate(graph.nodes) if not is_view(node)]
    members = {group.steps[-1].node.index: [step.node for step in group.steps] for group in groups}
    steps = []
    for position in positions:
        node = graph.nodes[position]
        nodes = members.get(node.index, [node])
        y = graph.output(node)
        steps.append(MapStep(tuple(n.index for n in nodes), tuple(n.op for n in nodes), y.name, y.shape))
    outputs = {home[key] for key in graph.outputs}

    def kind(key: int) -> str:
        kinds = (("scratch", key < 0), ("input", key in graph.inputs), ("output", key in outputs))
        return next((name for name, holds in kinds if holds), "activation")

    def step_at(position: int) -> int:
        return len(steps) if position == len(graph.nodes) else bisect_right(positions, position) - 1

    blocks = (
        Block(
            key=b.key,
            name=graph.tensors[b.key].name if b.key in graph.tensors else "scratch",
            kind=kind(b.key),
            offset=offsets[b.key],
            bytes=b.size,
            first=step_at(b.first),
            last=step_at(b.last),
        )
        for b in buffers
    )
    return MemoryMap(tuple(steps), tuple(sorted(blocks, key=lambda b: (b.first, b.offset, b.key))))
