"""Output channels of convolutions and dense layers as kernels get them: weights, bias and requantisation of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinypack.graph import Graph, Node
from tinypack.ops.arithmetic import INT8_MAX, INT8_MIN, activation_range, clamp, requantize
from tinypack.ops.weights import by_channel, folded_bias, requantization

QUARTER = (2**30, -1)  # multiplier and shift: a factor of 1/4


@dataclass(frozen=True, eq=False)
class Channels:
    """Shapes: weights [M, K], all others [M]; int64. Units: multiplier Q31, shift positive is left"""

    weights: np.ndarray
    bias: np.ndarray  # with -input zero point * sum of weights folded in
    multiplier: np.ndarray
    shift: np.ndarray

    def sums(self) -> tuple[np.ndarray, np.ndarray]:
        """Give the least and the largest sum of each channel, whatever the input is."""
        low = np.minimum(self.weights * INT8_MIN, self.weights * INT8_MAX).sum(axis=1)
        high = np.maximum(self.weights * INT8_MIN, self.weights * INT8_MAX).sum(axis=1)
        return self.bias + low, self.bias + high


def output_channels(node: Node, graph: Graph) -> Channels:
    """Give a node's channels. Those whose output is the same for all inputs get weights of 0 and a small bias:
    training leaves such with any bias and factor.
    """
    y = graph.output(node).quantization
    assert y is not None
    weights, bias = by_channel(node, graph), folded_bias(node, graph)
    multiplier, shift = (
        np.broadcast_to(table.values.astype(np.int64), bias.shape).copy() for table in requantization(node, graph)
    )
    found = Channels(weights.copy(), bias, multiplier, shift)
    low, high = activation_range(node.options["activation"], y)
    for channel, ends in enumerate(zip(*found.sums(), strict=True)):
        factor = int(multiplier[channel]), int(shift[channel])
        outputs = {clamp(requantize(int(end), *factor) + y.zero_point, low, high) for end in ends}
        if len(outputs) == 1 and factor[1] <= 0:  # a left shift may wrap between the ends
            weights_of, bias[channel] = found.weights[channel], 4 * (outputs.pop() - y.zero_point)
            weights_of[:] = 0
            multiplier[channel], shift[channel] = QUARTER
    return found
