"""TANH: the hyperbolic tangent."""

from __future__ import annotations

from tinypack.graph import Graph, Node
from tinypack.ops import constraints as c
from tinypack.ops import fixed_point
from tinypack.ops.elementwise import lower_lookup, no_macs, same_shape
from tinypack.ops.protocol import Call

__all__ = ["BRIEF", "CONSTRAINTS", "NAME", "lower", "macs", "output_shape"]

NAME = "TANH"
BRIEF = "Hyperbolic tangent by a table; the output is read as scale 1/128, zero point 0."
CONSTRAINTS = (c.int8_input, c.int8_output, c.sane_curve_scale)

output_shape, macs = same_shape, no_macs


def lower(node: Node, graph: Graph) -> tuple[Call, ...]:
    """Shapes: input any int8 -> output the same"""
    q = graph.operand(node, 0).quantization
    assert q
    return lower_lookup(node, graph, fixed_point.int8_function(fixed_point.tanh, 7, q.scale, q.zero_point, 0))
