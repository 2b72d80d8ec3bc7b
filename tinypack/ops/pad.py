"""PAD: put constant elements around a tensor."""

from __future__ import annotations

import numpy as np

from tinypack.graph import Graph, Node
from tinypack.ops import constraints as c
from tinypack.ops.elementwise import no_macs, source
from tinypack.ops.overlap import Slide
from tinypack.ops.protocol import Call, Table

__all__ = ["BRIEF", "CONSTRAINTS", "NAME", "lower", "macs", "output_shape"]

NAME = "PAD"
BRIEF = "Padding with zeros; free where a convolution with VALID padding follows."
LOOPS = 4  # of the kernel

macs = no_macs


def constant_paddings(node: Node, graph: Graph) -> str | None:
    """the paddings must be constant int32, a pair for each dimension, none below 0"""
    x, pads = graph.operand(node, 0), graph.operand(node, 1)
    if pads.data is None or pads.dtype != "int32":
        return f"{'' if pads.is_constant else 'computed '}{pads.dtype}"
    if pads.shape != (len(x.shape), 2):
        return f"{list(pads.shape)} for {len(x.shape)} dimensions"
    return str(pads.data.tolist()) if (pads.data < 0).any() else None


def constant_value(node: Node, graph: Graph) -> str | None:
    """the value must be one constant int8 of the output's scale and zero point"""
    value, q = graph.input(node, 2), graph.output(node).quantization
    if value is None or q is None:
        return None
    if not value.is_constant or value.dtype != "int8" or value.elements != 1:
        return f"{'' if value.is_constant else 'computed '}{value.dtype} {list(value.shape)}"
    v = value.quantization
    if v is None:
        return "int8 without quantisation"
    same = (v.scales, v.zero_points) == (q.scales, q.zero_points)
    return None if same else f"{v.scale:.9g} and {v.zero_point}, {q.scale:.9g} and {q.zero_point}"


def few_loops(node: Node, graph: Graph) -> str | None:
    """padding must need at most 4 nested loops after unpadded dimensions are merged"""
    if constant_paddings(node, graph) is not None:
        return None  # reported already
    count = len(_merged(node, graph))
    return None if count <= LOOPS else f"{count} loops"


CONSTRAINTS = (c.int8_input, c.int8_output, constant_paddings, constant_value, few_loops)


def output_shape(node: Node, graph: Graph) -> tuple[int, ...]:
    pads = graph.operand(node, 1).data
    assert pads is not None
    return tuple(extent + int(pair.sum()) for extent, pair in zip(graph.operand(node, 0).shape, pads, strict=True))


def _merged(node: Node, graph: Graph) -> list[tuple[int, int, int]]:
    """Extent, padding before and after of each loop, outermost first; unpadded dimensions join the one outside."""
    pads = graph.operand(node, 1).data
    assert pads is not None
    loops: list[tuple[int, int, int]] = []
    for extent, (before, after) in zip(graph.operand(node, 0).shape, pads.tolist(), strict=True):
        if loops and before == after == 0:
            outer = loops.pop()
            loops.append((outer[0] * extent, outer[1] * extent, outer[2] * extent))
        else:
            loops.append((extent, before, after))
    return loops


def lower(node: Node, graph: Graph) -> tuple[Call, ...]:
    """Shapes: input any int8 -> output larger by the paddings"""
    x, y, value = graph.operand(node, 0), graph.output(node), graph.input(node, 2)
    assert y.quantization
    loops = _merged(node, graph)
    table = np.array([(1, 0, 0)] * (LOOPS - len(loops)) + loops)
    params = (
        ("extents", Table("int32_t", table[:, 0])),
        ("before", Table("int32_t", table[:, 1])),
        ("after", Table("int32_t", table[:, 2])),
        ("value", y.quantization.zero_point if value is None or value.data is None else int(value.data.reshape(-1)[0])),
    )
    return (Call("pad_s8", params, (source(x),), y.index, overlaps={0: _slide(loops, x.elements)}),)


def _slide(loops: list[tuple[int, int, int]], elements: int) -> Slide:
    """Let the output slide by what is padded before the last element."""
    last = 0
    for extent, before, after in loops:
        last = last * (before + extent + after) + before + extent - 1
    return Slide(last - (elements - 1))
