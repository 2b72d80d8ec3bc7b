"""RELU6: clamp to [0, 6]."""

from __future__ import annotations

from tinypack.graph import Graph, Node
from tinypack.ops import constraints as c
from tinypack.ops.arithmetic import activation_range, clamp
from tinypack.ops.elementwise import every_value, lower_lookup, no_macs, same_shape
from tinypack.ops.protocol import Call

__all__ = ["BRIEF", "CONSTRAINTS", "NAME", "lower", "macs", "output_shape"]

NAME = "RELU6"
BRIEF = "Part of the operator before it where both sides have one quantisation, else a table."
CONSTRAINTS = (c.int8_input, c.int8_output)

output_shape, macs = same_shape, no_macs


def lower(node: Node, graph: Graph) -> tuple[Call, ...]:
    """Shapes: input any int8 -> output the same"""
    x = graph.operand(node, 0)
    assert x.quantization
    # TensorFlow Lite Micro clamps in the input's units and never rescales, whatever the output's scale is.
    low, high = activation_range("RELU6", x.quantization)
    return lower_lookup(node, graph, [clamp(q, low, high) for q in every_value(x)])
