"""ADD: the sum of two tensors."""

from __future__ import annotations

from tinypack.graph import Graph, Node
from tinypack.ops.addition import CONSTRAINTS, SPARE_BITS, lower_addition, scales
from tinypack.ops.broadcast import broadcast_shape
from tinypack.ops.elementwise import no_macs
from tinypack.ops.protocol import Call

__all__ = ["BRIEF", "CONSTRAINTS", "IN_PLACE", "NAME", "lower", "macs", "output_shape"]

NAME = "ADD"
BRIEF = "Sum with broadcasting, constants on either side, fused activation."
IN_PLACE = (0, 1)

output_shape, macs = broadcast_shape, no_macs


def lower(node: Node, graph: Graph) -> tuple[Call, ...]:
    """Shapes: two inputs that broadcast to the output, int8"""
    a, b, y = scales(node, graph)
    twice = 2 * max(a, b)
    factors = (a / twice, b / twice, twice / (2**SPARE_BITS * y))
    return lower_addition(node, graph, factors, 1)
