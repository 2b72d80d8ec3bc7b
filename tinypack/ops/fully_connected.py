"""FULLY_CONNECTED: weights times input plus bias."""

from __future__ import annotations

from math import prod

import numpy as np

from tinypack.graph import Graph, Node
from tinypack.ops import weights as weighted
from tinypack.ops.arithmetic import activation_range
from tinypack.ops.packing import UNIT, packable, row_blocks
from tinypack.ops.protocol import Call, Param, Table
from tinypack.ops.weights import folded_bias, requantization

NAME = "FULLY_CONNECTED"
BRIEF = "Dense layer, per-tensor or per-channel weights, fused activation."


def default_weights_format(node: Node, graph: Graph) -> str | None:
    """the weights format must be DEFAULT"""
    found = node.options["weights_format"]
    return None if found == "DEFAULT" else str(found)


def bias_in_product_units(node: Node, graph: Graph) -> str | None:
    """the bias' scale must be the input's times the weights', within 2 % of the output's scale"""
    x, weights, y = (
        graph.operand(node, 0).quantization,
        graph.operand(node, 1).quantization,
        graph.output(node).quantization,
    )
    bias = graph.input(node, 2)
    if bias is None or not (x and weights and y and bias.quantization) or weights.per_channel:
        return None
    product = x.scale * weights.scale
    off = abs(product - bias.quantization.scale) / y.scale
    return None if off <= 0.02 else f"{bias.quantization.scale:.9g}, not {product:.9g}"


CONSTRAINTS = (*weighted.CONSTRAINTS, default_weights_format, bias_in_product_units)


def output_shape(node: Node, graph: Graph) -> tuple[int, ...]:
    x, weights = graph.operand(node, 0), graph.operand(node, 1)
    if len(weights.shape) != 2:
        raise ValueError(f"weights must have 2 dimensions, not {len(weights.shape)}")
    out_depth, in_depth = weights.shape
    if x.elements % in_depth:
        raise ValueError(f"{x.elements} input elements are not a multiple of {in_depth}")
    if node.options["keep_num_dims"]:
        return (*x.shape[:-1], out_depth)
    return (x.elements // in_depth, out_depth)


def lower(node: Node, graph: Graph) -> tuple[Call, ...]:
    """Shapes: input [N, K] int8, weights [M, K] int8, bias [M] int32 -> output [N, M] int8"""
    x, weights, y = graph.operand(node, 0), graph.operand(node, 1), graph.output(node)
    assert weights.data is not None and weights.quantization and y.quantization
    out_depth, in_depth = weights.shape
    low, high = activation_range(node.options["activation"], y.quantization)
    sizes = {"batches": x.elements // in_depth, "in_depth": in_depth, "out_depth": out_depth}
    end = {"out_zero_point": y.quantization.zero_point, "act_min": low, "act_max": high}
    if graph.optimise != "size" and in_depth % UNIT == 0 and packable(node, graph):
        rows = row_blocks(node, graph, np.arange(in_depth))
        packed: tuple[tuple[str, Param], ...] = (("rows", rows), *sizes.items(), *end.items())
        return (Call("fully_connected_packed_s8", packed, (x.index,), y.index),)
    multiplier, shift = requantization(node, graph)
    params: tuple[tuple[str, Param], ...] = (
        ("weights", Table("int8_t", weights.data, program_memory=True)),
        ("bias", Table("int32_t", folded_bias(node, graph), program_memory=True)),
        ("multiplier", multiplier),
        ("shift", shift),
        *sizes.items(),
        ("per_channel", int(weights.quantization.per_channel)),
        *end.items(),
    )
    return (Call("fully_connected_s8", params, (x.index,), y.index),)


def macs(node: Node, graph: Graph) -> int:
    weights = graph.operand(node, 1)
    return prod(graph.output(node).shape) * int(np.prod(weights.shape[1:]))
