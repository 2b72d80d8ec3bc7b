"""MUL: the product of two tensors."""

from __future__ import annotations

from tinypack.graph import Graph, Node
from tinypack.ops import constraints as c
from tinypack.ops.arithmetic import activation_range, quantize_multiplier
from tinypack.ops.broadcast import broadcast_shape, few_loops, loop_params, overlaps
from tinypack.ops.elementwise import source
from tinypack.ops.protocol import Call

__all__ = ["BRIEF", "CONSTRAINTS", "NAME", "lower", "macs", "output_shape"]

NAME = "MUL"
BRIEF = "Product with broadcasting, constants on either side, fused activation."
CONSTRAINTS = (c.int8_input, c.int8_second_input, c.int8_output, c.known_activation, few_loops)

output_shape = broadcast_shape


def lower(node: Node, graph: Graph) -> tuple[Call, ...]:
    """Shapes: two inputs that broadcast to the output, int8"""
    a, b, y = graph.operand(node, 0), graph.operand(node, 1), graph.output(node)
    assert a.quantization and b.quantization and y.quantization
    multiplier, shift = quantize_multiplier(a.quantization.scale * b.quantization.scale / y.quantization.scale)
    low, high = activation_range(node.options["activation"], y.quantization)
    params = (
        *loop_params(node, graph),
        ("zero_point_1", a.quantization.zero_point),
        ("zero_point_2", b.quantization.zero_point),
        ("multiplier", multiplier),
        ("shift", shift),
        ("out_zero_point", y.quantization.zero_point),
        ("act_min", low),
        ("act_max", high),
    )
    return (Call("mul_s8", params, (source(a), source(b)), y.index, overlaps=overlaps(node, graph)),)


def macs(node: Node, graph: Graph) -> int:
    return graph.output(node).elements
