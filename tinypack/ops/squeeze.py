"""SQUEEZE: drop dimensions of extent 1."""

from __future__ import annotations

from tinypack.graph import Graph, Node
from tinypack.ops.no_code import fold_view, lower, macs, one_type

__all__ = ["BRIEF", "CONSTRAINTS", "NAME", "VIEW", "fold", "lower", "macs", "output_shape"]

NAME = "SQUEEZE"
BRIEF = "Free."
VIEW = True
CONSTRAINTS = (one_type,)

fold = fold_view


def output_shape(node: Node, graph: Graph) -> tuple[int, ...]:
    shape, given = graph.operand(node, 0).shape, node.options["squeeze_dims"]
    rank = len(shape)
    for axis in given:
        if not -rank <= axis < rank or shape[axis] != 1:
            raise ValueError(f"dimension {axis} of {list(shape)} is not 1")
    dropped = {axis % rank for axis in given} if given else {axis for axis in range(rank) if shape[axis] == 1}
    return tuple(extent for axis, extent in enumerate(shape) if axis not in dropped)
