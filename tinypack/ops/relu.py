"""RELU: negative numbers become 0."""

from __future__ import annotations

from tinypack.graph import Graph, Node
from tinypack.ops import constraints as c
from tinypack.ops.arithmetic import activation_range
from tinypack.ops.elementwise import lower_lookup, no_macs, rescaled, same_shape
from tinypack.ops.protocol import Call

__all__ = ["BRIEF", "CONSTRAINTS", "NAME", "lower", "macs", "output_shape"]

NAME = "RELU"
BRIEF = "Part of the operator before it where both sides have one quantisation, else a table that also rescales."
CONSTRAINTS = (c.int8_input, c.int8_output)

output_shape, macs = same_shape, no_macs


def lower(node: Node, graph: Graph) -> tuple[Call, ...]:
    """Shapes: input any int8 -> output the same"""
    x, y = graph.operand(node, 0), graph.output(node)
    assert x.quantization and y.quantization
    factor = x.quantization.scale / y.quantization.scale
    return lower_lookup(node, graph, rescaled(x, y, factor, *activation_range("RELU", y.quantization)))
