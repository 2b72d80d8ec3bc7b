"""RESHAPE: the same elements under another shape."""

from __future__ import annotations

from tinypack.graph import Graph, Node
from tinypack.ops.no_code import fold_view, lower, macs, one_type

__all__ = ["BRIEF", "CONSTRAINTS", "NAME", "VIEW", "fold", "lower", "macs", "output_shape"]

NAME = "RESHAPE"
BRIEF = "Free."
VIEW = True
CONSTRAINTS = (one_type,)

fold = fold_view


def output_shape(node: Node, graph: Graph) -> tuple[int, ...]:
    # TensorFlow Lite Micro, too, believes the output's own shape and ignores the second input.
    x, y = graph.operand(node, 0), graph.output(node)
    if x.elements != y.elements:
        raise ValueError(f"{list(x.shape)} has {x.elements} elements, {list(y.shape)} has {y.elements}")
    return y.shape
