"""ADD: the sum of two tensors."""

from __future__ import annotations

from tinypack.graph import Graph, Node
from tinypack.ops.addition import CONSTRAINTS, lower_addition
from tinypack.ops.broadcast import broadcast_shape
from tinypack.ops.elementwise import no_macs
from tinypack.ops.protocol import Call

__all__ = ["BRIEF", "CONSTRAINTS", "NAME", "lower", "macs", "output_shape"]

NAME = "ADD"
BRIEF = "Sum with broadcasting, constants on either side, fused activation."

output_shape, macs = broadcast_shape, no_macs


def lower(node: Node, graph: Graph) -> tuple[Call, ...]:
    """Shapes: two inputs that broadcast to the output, int8"""
    return lower_addition(node, graph, 1)
