"""What operators of two inputs share: an input is repeated along the dimensions in which it has extent 1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tinypack.graph import Graph, Node
from tinypack.ops.overlap import Slide
from tinypack.ops.protocol import Param, Table

LOOPS = 4  # of the kernels


@dataclass(frozen=True)
class Loop:
    """One loop over the output and what it adds to the inputs' positions; outermost first in a list."""

    extent: int
    strides: tuple[int, ...]


def broadcast_shape(node: Node, graph: Graph) -> tuple[int, ...]:
    """Give the shape of the output.

    Raises: ValueError if the inputs can't be broadcast to one shape
    """
    shapes = [graph.operand(node, i).shape for i in (0, 1)]
    try:
        return tuple(np.broadcast_shapes(*shapes))
    except ValueError:
        raise ValueError(f"{list(shapes[0])} and {list(shapes[1])} can't be broadcast") from None


def loops(shapes: Sequence[Sequence[int]], output: Sequence[int]) -> list[Loop]:
    """Give the fewest loops that walk all inputs: neighbouring dimensions are merged where their strides allow it."""
    found: list[Loop] = []
    for axis in range(1, len(output) + 1):
        extent = output[-axis]
        if extent == 1:
            continue
        loop = Loop(extent, tuple(_stride(shape, axis) for shape in shapes))
        if found and all(s == inner * found[0].extent for s, inner in zip(loop.strides, found[0].strides, strict=True)):
            found[0] = Loop(extent * found[0].extent, found[0].strides)
        else:
            found.insert(0, loop)
    return found


def _stride(shape: Sequence[int], axis: int) -> int:
    """Elements from one index to the next along the axis-th dimension from the end; 0 where it is repeated."""
    if axis > len(shape) or shape[-axis] == 1:
        return 0
    return int(np.prod(shape[len(shape) - axis + 1 :], dtype=np.int64))


def few_loops(node: Node, graph: Graph) -> str | None:
    """broadcasting must need at most 4 nested loops"""
    try:
        count = len(_node_loops(node, graph))
    except ValueError:
        return None  # the shape rule reports it
    return None if count <= LOOPS else f"{count} loops"


def loop_params(node: Node, graph: Graph) -> tuple[tuple[str, Param], ...]:
    """Give the first fields of a binary kernel's struct."""
    needed = _node_loops(node, graph)
    padded = [Loop(1, (0, 0))] * (LOOPS - len(needed)) + needed
    return (
        ("extents", Table("int32_t", np.array([loop.extent for loop in padded]))),
        ("strides_1", Table("int32_t", np.array([loop.strides[0] for loop in padded]))),
        ("strides_2", Table("int32_t", np.array([loop.strides[1] for loop in padded]))),
    )


def overlaps(node: Node, graph: Graph) -> Mapping[int, Slide]:
    """Let the output slide over inputs that are not repeated: kernels go through both in the order of memory."""
    return {i: Slide() for i in (0, 1) if graph.operand(node, i).elements == graph.output(node).elements}


def _node_loops(node: Node, graph: Graph) -> list[Loop]:
    return loops([graph.operand(node, i).shape for i in (0, 1)], broadcast_shape(node, graph))
