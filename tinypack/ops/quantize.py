"""QUANTIZE: floats to int8, or one 8-bit quantisation to another."""

from __future__ import annotations

from tinypack.graph import Graph, Node
from tinypack.ops.elementwise import LIMITS, lower_lookup, no_macs, rescaled, same_shape
from tinypack.ops.overlap import Slide
from tinypack.ops.protocol import Call

__all__ = ["BRIEF", "CONSTRAINTS", "NAME", "lower", "macs", "output_shape"]

NAME = "QUANTIZE"
BRIEF = "float32 to int8, and between 8-bit quantisations by a table."

TYPES = {("float32", "int8"), ("int8", "int8"), ("int8", "uint8"), ("uint8", "int8")}

output_shape, macs = same_shape, no_macs


def known_types(node: Node, graph: Graph) -> str | None:
    """it must go from float32, int8 or uint8 to int8, or from int8 to uint8"""
    types = (graph.operand(node, 0).dtype, graph.output(node).dtype)
    return None if types in TYPES else " to ".join(types)


def one_scale(node: Node, graph: Graph) -> str | None:
    """input and output must have one scale and one zero point, unless they are floats"""
    tensors = [t for t in (graph.operand(node, 0), graph.output(node)) if t.dtype != "float32"]
    counts = [len(t.quantization.scales) if t.quantization else 0 for t in tensors]
    return None if set(counts) == {1} else ", ".join(f"{count} scales" for count in counts)


def computed_floats(node: Node, graph: Graph) -> str | None:
    """a float input must not be a constant"""
    x = graph.operand(node, 0)
    return "a constant" if x.dtype == "float32" and x.is_constant else None


CONSTRAINTS = (known_types, one_scale, computed_floats)


def lower(node: Node, graph: Graph) -> tuple[Call, ...]:
    """Shapes: input any -> output the same"""
    x, y = graph.operand(node, 0), graph.output(node)
    assert y.quantization
    if x.quantization and x.dtype != "float32":
        factor = x.quantization.scale / y.quantization.scale
        return lower_lookup(node, graph, rescaled(x, y, factor, *LIMITS[y.dtype]))
    params = (
        ("scale", y.quantization.scale),
        ("zero_point", y.quantization.zero_point),
        ("elements", x.elements),
    )
    return (Call("quantize_f32_s8", params, (x.index,), y.index, overlaps={0: Slide()}),)
