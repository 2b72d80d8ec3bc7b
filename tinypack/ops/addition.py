"""What ADD and SUB share: both inputs are brought to one scale, with 20 bits to spare, and then to the output's."""

from __future__ import annotations

from tinypack.graph import Graph, Node
from tinypack.ops import constraints as c
from tinypack.ops.arithmetic import activation_range, multiplier_below_one
from tinypack.ops.broadcast import few_loops, loop_params, overlaps
from tinypack.ops.elementwise import source
from tinypack.ops.linear_sum import Addend, Total, linear_sum
from tinypack.ops.protocol import Call
from tinypack.ops.row_stages import Flat

CONSTRAINTS = (c.int8_input, c.int8_second_input, c.int8_output, c.known_activation, few_loops)
SPARE_BITS = 20


def scales(node: Node, graph: Graph) -> tuple[float, float, float]:
    """Give the scales of both inputs and of the output."""
    a, b, y = graph.operand(node, 0).quantization, graph.operand(node, 1).quantization, graph.output(node).quantization
    assert a and b and y
    return a.scale, b.scale, y.scale


def lower_addition(node: Node, graph: Graph, sign: int) -> tuple[Call, ...]:
    """Call the kernel; `sign` is that of the second input."""
    a, b, y = graph.operand(node, 0), graph.operand(node, 1), graph.output(node)
    assert a.quantization and b.quantization and y.quantization
    low, high = activation_range(node.options["activation"], y.quantization)
    scale_1, scale_2, out_scale = scales(node, graph)
    twice = 2 * max(scale_1, scale_2)
    factors = (scale_1 / twice, scale_2 / twice, twice / (2**SPARE_BITS * out_scale))
    (multiplier_1, shift_1), (multiplier_2, shift_2), (multiplier, shift) = map(multiplier_below_one, factors)
    inputs = source(a), source(b)
    if a.elements == b.elements == y.elements:
        first = Addend(a.quantization.zero_point, multiplier_1, shift_1)
        second = Addend(b.quantization.zero_point, multiplier_2, shift_2)
        total = Total(multiplier, shift, y.quantization.zero_point, low, high)
        linear = linear_sum(first, second, sign, total, SPARE_BITS)
        if linear:
            flat = (("elements", y.elements), *vars(linear).items())
            rows = Flat(flat, y.shape[1], y.elements // y.shape[1]) if len(y.shape) == 4 and y.shape[0] == 1 else None
            return (Call("add_flat_s8", flat, inputs, y.index, overlaps=overlaps(node, graph), rows=rows),)
    params = (
        *loop_params(node, graph),
        ("zero_point_1", a.quantization.zero_point),
        ("zero_point_2", b.quantization.zero_point),
        ("multiplier_1", multiplier_1),
        ("shift_1", shift_1),
        ("multiplier_2", multiplier_2),
        ("shift_2", shift_2),
        ("sign", sign),
        ("multiplier", multiplier),
        ("shift", shift),
        ("out_zero_point", y.quantization.zero_point),
        ("act_min", low),
        ("act_max", high),
    )
    return (Call("add_s8", params, inputs, y.index, overlaps=overlaps(node, graph)),)
