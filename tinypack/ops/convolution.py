"""What CONV_2D and DEPTHWISE_CONV_2D share: one parameter struct, `tp_convolution_t`."""

from __future__ import annotations

from tinypack.graph import Graph, Node
from tinypack.ops.arithmetic import activation_range
from tinypack.ops.protocol import Call, Table
from tinypack.ops.weights import folded_bias, requantization
from tinypack.ops.window_slide import Windows
from tinypack.ops.windows import axes


def lower_convolution(node: Node, graph: Graph, kernel: str, weights: Table, group_depth: int) -> tuple[Call, ...]:
    """Call a kernel with the geometry, the folded bias and the requantisation of a convolution."""
    x, filters, y = graph.operand(node, 0), graph.operand(node, 1), graph.output(node)
    assert x.quantization and filters.quantization and y.quantization
    filter_h, filter_w = filters.shape[1:3]
    rows, columns = axes(node, x, filter_h, filter_w)
    multiplier, shift = requantization(node, graph)
    low, high = activation_range(node.options["activation"], y.quantization)
    params = (
        ("weights", weights),
        ("bias", Table("int32_t", folded_bias(node, graph), program_memory=True)),
        ("multiplier", multiplier),
        ("shift", shift),
        ("batches", x.shape[0]),
        ("in_h", x.shape[1]),
        ("in_w", x.shape[2]),
        ("in_depth", x.shape[3]),
        ("out_h", rows.size),
        ("out_w", columns.size),
        ("out_depth", y.shape[3]),
        ("group_depth", group_depth),
        ("filter_h", filter_h),
        ("filter_w", filter_w),
        ("stride_h", node.options["stride_h"]),
        ("stride_w", node.options["stride_w"]),
        ("dilation_h", node.options["dilation_h"]),
        ("dilation_w", node.options["dilation_w"]),
        ("pad_top", rows.padding),
        ("pad_left", columns.padding),
        ("per_channel", int(filters.quantization.per_channel)),
        ("in_zero_point", x.quantization.zero_point),
        ("out_zero_point", y.quantization.zero_point),
        ("act_min", low),
        ("act_max", high),
    )
    slide = Windows.of(params).element_slide(x.shape[3] // group_depth)
    return (Call(kernel, params, (x.index,), y.index, overlaps={0: slide}),)
