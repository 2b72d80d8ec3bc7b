"""SOFTMAX: scores to probabilities over the last dimension."""

from __future__ import annotations

import math

from tinypack.graph import Graph, Node
from tinypack.ops import constraints as c
from tinypack.ops.arithmetic import quantize_multiplier
from tinypack.ops.overlap import Slide
from tinypack.ops.protocol import Call

NAME = "SOFTMAX"
BRIEF = "Softmax over the last dimension, any beta, in fixed point."

INTEGER_BITS = 5  # of the scaled differences: Q5.26
MOST_CLASSES = 4095  # sums of exponentials are Q12.19


def standard_output(node: Node, graph: Graph) -> str | None:
    """the output must have scale 1/256 and zero point -128"""
    q = graph.output(node).quantization
    return None if q is None or (q.scale, q.zero_point) == (1 / 256, -128) else f"{q.scale:.9g} and {q.zero_point}"


def usable_scale(node: Node, graph: Graph) -> str | None:
    """beta times the input's scale must be more than 2^-26"""
    q = graph.operand(node, 0).quantization
    if q is None or q.scale * node.options["beta"] * 2**26 > 1:
        return None
    return f"{q.scale * node.options['beta']:.9g}"


def few_classes(node: Node, graph: Graph) -> str | None:
    """the last dimension must be at most 4095"""
    shape = graph.operand(node, 0).shape
    return None if not shape or shape[-1] <= MOST_CLASSES else str(shape[-1])


CONSTRAINTS = (c.int8_input, c.int8_output, standard_output, usable_scale, few_classes)


def output_shape(node: Node, graph: Graph) -> tuple[int, ...]:
    shape = graph.operand(node, 0).shape
    if not shape:
        raise ValueError("a scalar has no classes")
    return shape


def lower(node: Node, graph: Graph) -> tuple[Call, ...]:
    """Shapes: input [N, K] int8 -> output [N, K] int8

    Source: PreprocessSoftmaxScaling and CalculateInputRadius of TensorFlow Lite's quantization_util.cc
    """
    x, y = graph.operand(node, 0), graph.output(node)
    assert x.quantization
    scaled = node.options["beta"] * x.quantization.scale * 2 ** (31 - INTEGER_BITS)
    multiplier, shift = quantize_multiplier(min(scaled, 2.0**31 - 1))
    radius = math.floor((2**INTEGER_BITS - 1) * 2 ** (31 - INTEGER_BITS) / 2**shift)
    params = (
        ("rows", x.elements // x.shape[-1]),
        ("classes", x.shape[-1]),
        ("multiplier", multiplier),
        ("shift", shift),
        ("least_difference", -min(radius, 256)),
    )
    return (Call("softmax_s8", params, (x.index,), y.index, overlaps={0: Slide()}),)


def macs(node: Node, graph: Graph) -> int:
    return 0
