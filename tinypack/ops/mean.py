"""MEAN: the average over some dimensions."""

from __future__ import annotations

from itertools import groupby
from math import prod

import numpy as np

from tinypack.graph import Graph, Node
from tinypack.ops import constraints as c
from tinypack.ops.arithmetic import quantize_multiplier
from tinypack.ops.overlap import Slide
from tinypack.ops.protocol import Call

NAME = "MEAN"
BRIEF = "Mean over any dimensions that form at most two runs, with or without keeping them."


def constant_axes(node: Node, graph: Graph) -> str | None:
    """the axes must be constant int32"""
    axes = graph.operand(node, 1)
    return None if axes.is_constant and axes.dtype == "int32" else f"{axes.dtype} {list(axes.shape)}"


def two_runs(node: Node, graph: Graph) -> str | None:
    """the reduced dimensions, less those of size 1, must form at most two runs of neighbours"""
    if constant_axes(node, graph):
        return None
    runs = len(_runs(node, graph)) // 2
    return None if runs <= 2 else f"{runs} runs"


def sum_fits(node: Node, graph: Graph) -> str | None:
    """the sum must fit 32 bits whatever the input is"""
    x = graph.operand(node, 0)
    return None if x.elements < 2**23 else f"{x.elements} elements"


CONSTRAINTS = (c.int8_input, c.int8_output, constant_axes, two_runs, sum_fits)


def output_shape(node: Node, graph: Graph) -> tuple[int, ...]:
    x, reduced = graph.operand(node, 0), _reduced(node, graph)
    kept = [
        1 if i in reduced else size for i, size in enumerate(x.shape) if node.options["keep_dims"] or i not in reduced
    ]
    return tuple(kept)


def lower(node: Node, graph: Graph) -> tuple[Call, ...]:
    """Shapes: input [outer, R0, middle, R1, inner] int8 -> output [outer, middle, inner] int8

    Source: QuantizedMeanOrSum of TensorFlow Lite's reduce.h: the count is divided into the multiplier
    """
    x, y = graph.operand(node, 0), graph.output(node)
    assert x.quantization and y.quantization
    runs = (*_runs(node, graph), 1, 1, 1, 1, 1)[:5]
    if runs[3] == runs[4] == 1:  # the kernel is fast along `inner` and `reduced_1`
        runs = (runs[0], 1, 1, runs[1], runs[2])
    count = runs[1] * runs[3]
    multiplier, shift = quantize_multiplier(x.quantization.scale / y.quantization.scale)
    room = min(count.bit_length() - 1, 32, 31 + shift)
    params = (
        *zip(("outer", "reduced_0", "middle", "reduced_1", "inner"), runs, strict=True),
        ("offset", -x.quantization.zero_point * count),
        ("multiplier", (multiplier << room) // count),
        ("shift", shift - room),
        ("out_zero_point", y.quantization.zero_point),
    )
    # An output element is never before the first input element that it is made of.
    return (Call("mean_s8", params, (x.index,), y.index, overlaps={0: Slide()}),)


def keeps_channels(node: Node, graph: Graph) -> bool:
    """Say whether each channel, an index of the last dimension, is averaged on its own."""
    return len(graph.operand(node, 0).shape) - 1 not in _reduced(node, graph)


def macs(node: Node, graph: Graph) -> int:
    return 0


def _reduced(node: Node, graph: Graph) -> set[int]:
    axes, rank = graph.operand(node, 1).data, len(graph.operand(node, 0).shape)
    assert axes is not None
    wrong = [a for a in np.ravel(axes).tolist() if not -rank <= a < rank]
    if wrong:
        raise ValueError(f"axes {wrong} of {rank} dimensions")
    return {a % rank for a in np.ravel(axes).tolist()}


def _runs(node: Node, graph: Graph) -> tuple[int, ...]:
    """Sizes of the runs of neighbouring dimensions, kept and reduced by turns, kept first."""
    try:
        reduced = _reduced(node, graph)
    except ValueError:
        return ()  # the shape rule reports it
    sizes = [(i in reduced, size) for i, size in enumerate(graph.operand(node, 0).shape) if size != 1]
    runs = [(is_reduced, prod(size for _, size in run)) for is_reduced, run in groupby(sizes, key=lambda s: s[0])]
    first_is_reduced = bool(runs) and runs[0][0]
    return (*((1,) if first_is_reduced else ()), *(size for _, size in runs))
