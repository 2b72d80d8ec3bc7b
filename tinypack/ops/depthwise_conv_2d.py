"""DEPTHWISE_CONV_2D: each channel convolved on its own, into one or several output channels."""

from __future__ import annotations

from tinypack.graph import Graph, Node
from tinypack.ops import weights as weighted
from tinypack.ops.convolution import lower_convolution
from tinypack.ops.depthwise_3x3 import is_3x3, lower_3x3
from tinypack.ops.packed_convolution import is_packed, lower_packed
from tinypack.ops.protocol import Call, Table
from tinypack.ops.weights import by_channel
from tinypack.ops.windows import axes, image

NAME = "DEPTHWISE_CONV_2D"
BRIEF = "Depthwise convolution: any multiplier, stride, dilation and padding, per-channel weights, fused activation."
CONSTRAINTS = weighted.CONSTRAINTS


def output_shape(node: Node, graph: Graph) -> tuple[int, ...]:
    x, weights = image(node, graph), graph.operand(node, 1)
    if len(weights.shape) != 4 or weights.shape[0] != 1:
        raise ValueError(f"weights must be [1, height, width, channels], not {list(weights.shape)}")
    _, filter_h, filter_w, out_depth = weights.shape
    if out_depth % x.shape[3]:
        raise ValueError(f"{out_depth} output channels are not a multiple of {x.shape[3]} input channels")
    if node.options["depth_multiplier"] * x.shape[3] != out_depth:
        raise ValueError(f"multiplier {node.options['depth_multiplier']} x {x.shape[3]} channels is not {out_depth}")
    rows, columns = axes(node, x, filter_h, filter_w)
    return (x.shape[0], rows.size, columns.size, out_depth)


def lower(node: Node, graph: Graph) -> tuple[Call, ...]:
    """Shapes: input [N, H, W, C], weights [1, KH, KW, C * multiplier], bias [M] int32 -> output [N, OH, OW, M]"""
    if is_packed(node, graph):  # one input channel: an ordinary convolution
        return lower_packed(node, graph)
    if is_3x3(node, graph):
        return lower_3x3(node, graph)
    # A channel's taps in a row, so that the kernel reads them by a pointer that advances.
    weights = Table("int8_t", by_channel(node, graph), program_memory=True)
    return lower_convolution(node, graph, "depthwise_conv_2d_s8", weights, 1)


def macs(node: Node, graph: Graph) -> int:
    _, filter_h, filter_w, _ = graph.operand(node, 1).shape
    return graph.output(node).elements * filter_h * filter_w
