"""DEQUANTIZE: int8 to floats, for a model's float output."""

from __future__ import annotations

from tinypack.graph import Graph, Node
from tinypack.ops import constraints as c
from tinypack.ops.elementwise import no_macs, same_shape, source
from tinypack.ops.overlap import in_order
from tinypack.ops.protocol import Call

__all__ = ["BRIEF", "CONSTRAINTS", "NAME", "lower", "macs", "output_shape"]

NAME = "DEQUANTIZE"
BRIEF = "int8 to float32."

output_shape, macs = same_shape, no_macs


def float_output(node: Node, graph: Graph) -> str | None:
    """the output must be float32"""
    dtype = graph.output(node).dtype
    return None if dtype == "float32" else dtype


CONSTRAINTS = (c.int8_input, float_output)


def lower(node: Node, graph: Graph) -> tuple[Call, ...]:
    """Shapes: input any int8 -> output the same, float32"""
    x, y = graph.operand(node, 0), graph.output(node)
    assert x.quantization
    params = (
        ("scale", x.quantization.scale),
        ("zero_point", x.quantization.zero_point),
        ("elements", x.elements),
    )
    overlaps = {0: in_order(x.elements, x.itemsize, y.itemsize)}
    return (Call("dequantize_s8_f32", params, (source(x),), y.index, overlaps=overlaps),)
