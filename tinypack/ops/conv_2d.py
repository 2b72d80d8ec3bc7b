"""CONV_2D: convolution with stride, dilation, padding and groups."""

from __future__ import annotations

from math import prod

from tinypack.graph import Graph, Node
from tinypack.ops import weights as weighted
from tinypack.ops.convolution import lower_convolution
from tinypack.ops.packed_convolution import is_packed, lower_packed
from tinypack.ops.protocol import Call, Table
from tinypack.ops.windows import axes, image

NAME = "CONV_2D"
BRIEF = (
    "Convolution: stride, dilation, SAME or VALID padding, groups, per-tensor or per-channel weights, fused activation."
)
CONSTRAINTS = weighted.CONSTRAINTS


def output_shape(node: Node, graph: Graph) -> tuple[int, ...]:
    x, weights = image(node, graph), graph.operand(node, 1)
    if len(weights.shape) != 4:
        raise ValueError(f"weights must have 4 dimensions, not {len(weights.shape)}")
    out_depth, filter_h, filter_w, group_depth = weights.shape
    if x.shape[3] % group_depth:
        raise ValueError(f"{x.shape[3]} input channels are not a multiple of the weights' {group_depth}")
    if out_depth % (x.shape[3] // group_depth):
        raise ValueError(f"{out_depth} output channels do not go into {x.shape[3] // group_depth} groups")
    rows, columns = axes(node, x, filter_h, filter_w)
    return (x.shape[0], rows.size, columns.size, out_depth)


def lower(node: Node, graph: Graph) -> tuple[Call, ...]:
    """Shapes: input [N, H, W, C], weights [M, KH, KW, C / groups], bias [M] int32 -> output [N, OH, OW, M]"""
    if is_packed(node, graph):
        return lower_packed(node, graph)
    weights = graph.operand(node, 1)
    assert weights.data is not None
    return lower_convolution(
        node, graph, "conv_2d_s8", Table("int8_t", weights.data, program_memory=True), weights.shape[3]
    )


def macs(node: Node, graph: Graph) -> int:
    return graph.output(node).elements * prod(graph.operand(node, 1).shape[1:])
