"""What operators share that compute each output element from one element of each input."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tinypack.graph import Graph, Node, Tensor
from tinypack.ops.arithmetic import clamp, quantize_multiplier, requantize
from tinypack.ops.overlap import Slide
from tinypack.ops.protocol import Call, Table

#: Smallest and largest value of the types that a table can serve.
LIMITS = {"int8": (-128, 127), "uint8": (0, 255)}


def source(tensor: Tensor) -> int | Table:
    """Give what a call reads: the tensor's key, or a table if it is a constant."""
    return tensor.index if tensor.data is None else Table(tensor.ctype, tensor.data)


def same_shape(node: Node, graph: Graph) -> tuple[int, ...]:
    return graph.operand(node, 0).shape


def no_macs(node: Node, graph: Graph) -> int:
    return 0


def every_value(tensor: Tensor) -> range:
    """All values of an 8-bit type, in ascending order."""
    low, high = LIMITS[tensor.dtype]
    return range(low, high + 1)


def rescaled(x: Tensor, y: Tensor, factor: float, low: int, high: int) -> list[int]:
    """Rescale every value of an 8-bit input to the output's quantisation, and clamp.

    Raises: ScaleRatioError if the factor is beyond 32 bits
    """
    assert x.quantization and y.quantization
    before, after = x.quantization.zero_point, y.quantization.zero_point
    multiplier, shift = quantize_multiplier(factor)
    return [clamp(requantize(q - before, multiplier, shift) + after, low, high) for q in every_value(x)]


def lower_lookup(node: Node, graph: Graph, results: Sequence[int]) -> tuple[Call, ...]:
    """Call the table kernel; `results` are in ascending order of the 8-bit input."""
    x, y = graph.operand(node, 0), graph.output(node)
    table = np.zeros(256, np.uint8)
    for q, result in zip(every_value(x), results, strict=True):
        table[q & 0xFF] = result & 0xFF
    params = (("table", Table("uint8_t", table, program_memory=True)), ("elements", x.elements))
    return (Call("lookup_8", params, (source(x),), y.index, overlaps={0: Slide()}),)
