"""The ways in which a layer is computed: by tinypack's own kernel, and by F(2,3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.winograd.layers import BLOCK, Layer
from tinypack.compile import compile_graph
from tinypack.compile.program import Program
from tinypack.compile.room import take_room
from tinypack.graph import Graph
from tinypack.ops.protocol import Table

KEPT, LEAST = 5, 3  # rows of transformed input
ROOM = 2**20  # bytes of arena, more than any kernel takes


@dataclass(frozen=True)
class Direct:
    name: str
    program: Program

    @property
    def packed(self) -> Table:
        found = dict(self.program.steps[0].calls[0].params)["rows"]
        assert isinstance(found, Table)
        return found

    @property
    def scratch(self) -> int:
        return self.program.steps[0].calls[0].scratch


@dataclass(frozen=True)
class Winograd:
    """Transformed weights stand in flash, or are made in RAM, some channels at a time."""

    name: str
    in_flash: bool
    at_once: int  # output channels
    strip: int  # output rows
    kept: int  # rows of transformed input

    def scratch(self, layer: Layer) -> int:
        made = 0 if self.in_flash else 4 * layer.row_words(self.at_once)
        return (16 * self.kept + 1) * layer.depth + made


def direct_ways(layer: Layer, graph: Graph) -> tuple[Direct, Direct]:
    node = layer.node
    program = compile_graph(Graph("alone", graph.tensors, (node,), node.inputs[:1], node.outputs))
    return Direct("direct", program), Direct("direct, weights copied to RAM", take_room(program, ROOM))


def winograd_ways(layer: Layer) -> Iterator[Winograd]:
    every = layer.out_depth
    yield Winograd("in flash", True, every, layer.height, KEPT)
    yield Winograd("in RAM, row by row", False, every, 1, LEAST)
    for at_once in sorted({BLOCK, 2 * BLOCK, every}):
        yield Winograd(f"in RAM, {at_once} channels", False, at_once, layer.height, KEPT)
