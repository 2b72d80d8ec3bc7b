"""Rules that several operators share. A docstring is the rule as the user reads it."""

from __future__ import annotations

from tinypack.graph import Graph, Node, Tensor
from tinypack.ops.arithmetic import INT32_MAX


def int8_input(node: Node, graph: Graph) -> str | None:
    """the input must be int8 with one scale and one zero point"""
    return _not_int8(graph.operand(node, 0))


def int8_second_input(node: Node, graph: Graph) -> str | None:
    """the second input must be int8 with one scale and one zero point"""
    return _not_int8(graph.operand(node, 1))


def int8_output(node: Node, graph: Graph) -> str | None:
    """the output must be int8 with one scale and one zero point"""
    return _not_int8(graph.output(node))


def _not_int8(tensor: Tensor) -> str | None:
    if tensor.dtype != "int8":
        return f"{tensor.dtype} {list(tensor.shape)}"
    if tensor.quantization is None:
        return "int8 without quantisation"
    return f"{len(tensor.quantization.scales)} scales" if tensor.quantization.per_channel else None


def constant_weights(node: Node, graph: Graph) -> str | None:
    """the weights must be constant int8 with zero point 0"""
    weights = graph.operand(node, 1)
    if not weights.is_constant:
        return "computed weights"
    if len(weights.shape) < 2:
        return f"weights of shape {list(weights.shape)}"
    if weights.dtype != "int8" or weights.quantization is None:
        return f"{weights.dtype} weights" + ("" if weights.quantization else " without quantisation")
    points = set(weights.quantization.zero_points)
    return None if points == {0} else f"zero points {sorted(points)}"


def output_channels(node: Node, graph: Graph) -> int:
    """Count what weights give: their last dimension in a depthwise convolution, their first in all others."""
    shape = graph.operand(node, 1).shape or (0,)
    return shape[-1 if node.op == "DEPTHWISE_CONV_2D" else 0]


def one_scale_a_channel(node: Node, graph: Graph) -> str | None:
    """the weights must have one scale, or one for each output channel"""
    q = graph.operand(node, 1).quantization
    channels = output_channels(node, graph)
    if q is None or len(q.scales) in (1, channels):
        return None
    return f"{len(q.scales)} scales for {channels} channels"


def constant_bias(node: Node, graph: Graph) -> str | None:
    """the bias must be absent, or constant int32 with one number for each output channel"""
    bias = graph.input(node, 2)
    if bias is None:
        return None
    if bias.is_constant and bias.dtype == "int32" and bias.elements == output_channels(node, graph):
        return None
    return f"{'' if bias.is_constant else 'computed '}{bias.dtype} {list(bias.shape)}"


def accumulator_fits(low: int, high: int) -> str | None:
    """the accumulator must fit 32 bits whatever the input is"""
    return None if low >= -INT32_MAX - 1 and high <= INT32_MAX else f"sums from {low} to {high}"


def same_quantization(node: Node, graph: Graph) -> str | None:
    """input and output must have the same scale and zero point"""
    a, b = graph.operand(node, 0).quantization, graph.output(node).quantization
    if a is None or b is None or (a.scales, a.zero_points) == (b.scales, b.zero_points):
        return None  # a missing quantisation is another rule's finding
    return f"{a.scale:.9g} and {a.zero_point}, {b.scale:.9g} and {b.zero_point}"


def sane_curve_scale(node: Node, graph: Graph) -> str | None:
    """the input's scale must be at least 2^-28: below, TensorFlow Lite Micro's own result is undefined"""
    q = graph.operand(node, 0).quantization
    return None if q is None or q.scale >= 2**-28 else f"{q.scale:.9g}"


def known_activation(node: Node, graph: Graph) -> str | None:
    """the fused activation must be NONE, RELU, RELU6 or RELU_N1_TO_1"""
    activation = node.options["activation"]
    return None if activation in ("NONE", "RELU", "RELU6", "RELU_N1_TO_1") else str(activation)
