"""Which values each channel of an activation can take, whatever the model's input is: bounds, not always reached."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import gcd

import numpy as np

from tinypack.graph import Graph, Node, Tensor
from tinypack.ops.arithmetic import (
    INT8_MAX,
    INT8_MIN,
    INT32_MAX,
    INT32_MIN,
    ScaleRatioError,
    activation_range,
    clamp,
    requantize,
)
from tinypack.ops.mean import keeps_channels
from tinypack.ops.mean import lower as lower_mean
from tinypack.ops.weights import folded_bias, requantization
from tinypack.ops.windows import Axis, axes


@dataclass(frozen=True, eq=False)
class Range:
    """Least and largest value of each channel, which is an index of the last dimension.

    Shapes: both [channels] int64
    """

    low: np.ndarray
    high: np.ndarray

    def under(self, channels: int) -> Range:
        """Give the range of the same elements where the last dimension has another extent."""
        period = gcd(len(self.low), channels)
        low, high = self.low.reshape(-1, period).min(axis=0), self.high.reshape(-1, period).max(axis=0)
        return Range(np.tile(low, channels // period), np.tile(high, channels // period))

    def with_value(self, value: int) -> Range:
        """Give the range if each channel may have this value, too."""
        return Range(np.minimum(self.low, value), np.maximum(self.high, value))


def any_int8(channels: int) -> Range:
    return Range(np.full(channels, INT8_MIN, np.int64), np.full(channels, INT8_MAX, np.int64))


def channel_ranges(graph: Graph) -> Mapping[int, Range]:
    """Give the ranges of all int8 activations that have channels, by their tensors' keys."""
    found = {key: any_int8(graph.tensors[key].shape[-1]) for key in graph.inputs if _has_channels(graph.tensors[key])}
    for node in graph.nodes:
        y = graph.output(node)
        if _has_channels(y):
            found[y.index] = _of_output(node, graph, found.get(node.inputs[0]))
    return found


def _of_output(node: Node, graph: Graph, given: Range | None) -> Range:
    rule = RULES.get(node.op)
    if rule is not None and given is not None:
        with suppress(ScaleRatioError):  # reported when the node is lowered
            return rule(node, graph, given)
    return any_int8(graph.output(node).shape[-1])


def mixes_channels(node: Node, graph: Graph) -> bool:
    """Say whether each output channel of a node is a weighted sum over all of its input channels."""
    if node.op == "CONV_2D":
        return graph.operand(node, 1).shape[3] == graph.operand(node, 0).shape[3]
    return node.op == "FULLY_CONNECTED"


def one_filter_a_channel(node: Node, graph: Graph) -> bool:
    """Say whether a node is a depthwise convolution that gives as many channels as it reads."""
    return node.op == "DEPTHWISE_CONV_2D" and graph.output(node).shape[3] == graph.operand(node, 0).shape[3]


def reads_padding(node: Node, graph: Graph) -> bool:
    """Say whether some window of a convolution lies partly outside of its input."""
    x, filters = graph.operand(node, 0), graph.operand(node, 1)
    if len(filters.shape) != 4:
        return False

    def outside(axis: Axis, size: int, taps: int, name: str) -> bool:
        last = (axis.size - 1) * node.options[f"stride_{name}"] + (taps - 1) * node.options[f"dilation_{name}"]
        return axis.padding > 0 or last - axis.padding >= size

    rows, columns = axes(node, x, *filters.shape[1:3])
    return outside(rows, x.shape[1], filters.shape[1], "h") or outside(columns, x.shape[2], filters.shape[2], "w")


def input_range(node: Node, graph: Graph, given: Range) -> Range:
    """Give the range of what a layer with weights multiplies: its input's, and the padding's where there is some."""
    x, weights = graph.operand(node, 0), graph.operand(node, 1)
    assert x.quantization
    given = given.under(weights.shape[-1])
    return given.with_value(x.quantization.zero_point) if reads_padding(node, graph) else given


def _has_channels(tensor: Tensor) -> bool:
    return tensor.dtype == "int8" and tensor.elements > 0 and len(tensor.shape) > 0


def _of_sums(node: Node, graph: Graph, given: Range) -> Range:
    """Shapes: weights [M, ..., C] -> [M]; of a depthwise convolution [1, H, W, C] -> [C]"""
    if not (mixes_channels(node, graph) or one_filter_a_channel(node, graph)):
        return any_int8(graph.output(node).shape[-1])
    data = graph.operand(node, 1).data
    assert data is not None
    weights, multiplied = data.astype(np.int64), input_range(node, graph, given)
    ends = weights * multiplied.low, weights * multiplied.high
    over = tuple(range(weights.ndim - 1)) if one_filter_a_channel(node, graph) else tuple(range(1, weights.ndim))
    bias = folded_bias(node, graph)
    return _requantized(node, graph, bias + np.minimum(*ends).sum(axis=over), bias + np.maximum(*ends).sum(axis=over))


def _requantized(node: Node, graph: Graph, low: np.ndarray, high: np.ndarray) -> Range:
    y = graph.output(node).quantization
    assert y
    limits = activation_range(node.options["activation"], y)
    multiplier, shift = (table.values for table in requantization(node, graph))
    return _rescaled(Range(low, high), multiplier, shift, y.zero_point, limits)


def _rescaled(
    sums: Range, multipliers: np.ndarray, shifts: np.ndarray, zero_point: int, limits: tuple[int, int]
) -> Range:
    """Give the range of sums that are requantised and clamped."""
    found = []
    for *ends, multiplier, shift in np.broadcast(sums.low, sums.high, multipliers, shifts):
        shifted = [int(end) << max(int(shift), 0) for end in ends]
        if min(shifted) >= INT32_MIN and max(shifted) <= INT32_MAX:
            scaled = (requantize(int(end), int(multiplier), int(shift)) + zero_point for end in ends)
            found.append([clamp(value, *limits) for value in scaled])
        else:  # those between may wrap
            found.append([*limits])
    return Range(*np.array(found, np.int64).T)


def _of_mean(node: Node, graph: Graph, given: Range) -> Range:
    if not keeps_channels(node, graph):
        return any_int8(graph.output(node).shape[-1])
    (call,) = lower_mean(node, graph)
    p = {name: value for name, value in call.params if isinstance(value, int)}
    low, high = (end * (p["reduced_0"] * p["reduced_1"]) + p["offset"] for end in (given.low, given.high))
    factor = np.array(p["multiplier"]), np.array(p["shift"])
    return _rescaled(Range(low, high), *factor, p["out_zero_point"], (INT8_MIN, INT8_MAX))


def _of_pool(node: Node, graph: Graph, given: Range) -> Range:
    y = graph.output(node).quantization
    assert y
    limits = activation_range(node.options["activation"], y)
    return Range(given.low.clip(*limits), given.high.clip(*limits))


def _of_view(node: Node, graph: Graph, given: Range) -> Range:
    return given.under(graph.output(node).shape[-1])


#: Operators whose output has a range of its own: (node, graph, range of input 0) -> range of the output.
RULES: dict[str, Callable[[Node, Graph, Range], Range]] = {
    "CONV_2D": _of_sums,
    "DEPTHWISE_CONV_2D": _of_sums,
    "FULLY_CONNECTED": _of_sums,
    "AVERAGE_POOL_2D": _of_pool,
    "MAX_POOL_2D": _of_pool,
    "MEAN": _of_mean,
    "RESHAPE": _of_view,
    "SQUEEZE": _of_view,
    "EXPAND_DIMS": _of_view,
}
