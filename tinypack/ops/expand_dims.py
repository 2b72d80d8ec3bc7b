"""EXPAND_DIMS: insert a dimension of extent 1."""

from __future__ import annotations

from tinypack.graph import Graph, Node
from tinypack.ops.no_code import fold_view, lower, macs, one_type

__all__ = ["BRIEF", "CONSTRAINTS", "NAME", "VIEW", "fold", "lower", "macs", "output_shape"]

NAME = "EXPAND_DIMS"
BRIEF = "Free."
VIEW = True

fold = fold_view


def constant_axis(node: Node, graph: Graph) -> str | None:
    """the axis must be one constant int32"""
    axis = graph.operand(node, 1)
    if axis.is_constant and axis.dtype == "int32" and axis.elements == 1:
        return None
    return f"{'' if axis.is_constant else 'computed '}{axis.dtype} {list(axis.shape)}"


CONSTRAINTS = (one_type, constant_axis)


def output_shape(node: Node, graph: Graph) -> tuple[int, ...]:
    shape, given = graph.operand(node, 0).shape, graph.operand(node, 1).data
    assert given is not None
    axis = int(given.reshape(-1)[0])
    rank = len(shape) + 1
    if not -rank <= axis < rank:
        raise ValueError(f"axis {axis} of {rank} dimensions")
    return (*shape[: axis % rank], 1, *shape[axis % rank :])
