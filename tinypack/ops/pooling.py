"""What AVERAGE_POOL_2D and MAX_POOL_2D share."""

from __future__ import annotations

from tinypack.graph import Graph, Node
from tinypack.ops import constraints as c
from tinypack.ops.arithmetic import activation_range
from tinypack.ops.protocol import Call, Constraint
from tinypack.ops.window_slide import Windows
from tinypack.ops.windows import axes, image

CONSTRAINTS: tuple[Constraint, ...] = (c.int8_input, c.int8_output, c.same_quantization, c.known_activation)


def output_shape(node: Node, graph: Graph) -> tuple[int, ...]:
    x = image(node, graph)
    rows, columns = axes(node, x, node.options["filter_h"], node.options["filter_w"])
    return (x.shape[0], rows.size, columns.size, x.shape[3])


def lower_pool(node: Node, graph: Graph, kernel: str) -> tuple[Call, ...]:
    """Call a kernel with the geometry of a pool: `tp_pool_t`."""
    x, y = graph.operand(node, 0), graph.output(node)
    assert y.quantization
    rows, columns = axes(node, x, node.options["filter_h"], node.options["filter_w"])
    low, high = activation_range(node.options["activation"], y.quantization)
    params = (
        ("batches", x.shape[0]),
        ("in_h", x.shape[1]),
        ("in_w", x.shape[2]),
        ("depth", x.shape[3]),
        ("out_h", rows.size),
        ("out_w", columns.size),
        ("filter_h", node.options["filter_h"]),
        ("filter_w", node.options["filter_w"]),
        ("stride_h", node.options["stride_h"]),
        ("stride_w", node.options["stride_w"]),
        ("pad_top", rows.padding),
        ("pad_left", columns.padding),
        ("act_min", low),
        ("act_max", high),
    )
    slide = Windows.of(params, in_depth=x.shape[3], out_depth=x.shape[3]).element_slide(x.shape[3])
    return (Call(kernel, params, (x.index,), y.index, overlaps={0: slide}),)


def macs(node: Node, graph: Graph) -> int:
    return 0
