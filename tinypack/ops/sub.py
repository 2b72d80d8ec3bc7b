"""SUB: the difference of two tensors."""

from __future__ import annotations

from tinypack.graph import Graph, Node
from tinypack.ops.addition import CONSTRAINTS, SPARE_BITS, lower_addition, scales
from tinypack.ops.arithmetic import float32_product, float32_ratio
from tinypack.ops.broadcast import broadcast_shape
from tinypack.ops.elementwise import no_macs
from tinypack.ops.protocol import Call

__all__ = ["BRIEF", "CONSTRAINTS", "IN_PLACE", "NAME", "lower", "macs", "output_shape"]

NAME = "SUB"
BRIEF = "Difference with broadcasting, constants on either side, fused activation."
IN_PLACE = (0, 1)

output_shape, macs = broadcast_shape, no_macs


def lower(node: Node, graph: Graph) -> tuple[Call, ...]:
    """Shapes: two inputs that broadcast to the output, int8"""
    a, b, y = scales(node, graph)
    # Unlike ADD, TensorFlow Lite Micro computes with floats here, and it shows in the last bit.
    twice = float32_product(2.0, max(a, b))
    spare = float32_product(2.0**SPARE_BITS, y)
    factors = (float32_ratio(a, twice), float32_ratio(b, twice), float32_ratio(twice, spare))
    return lower_addition(node, graph, factors, -1)
