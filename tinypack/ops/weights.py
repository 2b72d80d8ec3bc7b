"""What convolutions and dense layers share: folded biases, per-channel requantisation, overflow bounds."""

from __future__ import annotations

import numpy as np

from tinypack.graph import Graph, Node
from tinypack.ops.arithmetic import INT8_MAX, INT8_MIN, quantize_multiplier
from tinypack.ops.constraints import (
    accumulator_fits,
    constant_bias,
    constant_weights,
    int8_input,
    int8_output,
    known_activation,
    one_scale_a_channel,
)
from tinypack.ops.protocol import Constraint, Table

RULES: tuple[Constraint, ...] = (
    int8_input,
    int8_output,
    constant_weights,
    one_scale_a_channel,
    constant_bias,
    known_activation,
)


def by_channel(node: Node, graph: Graph) -> np.ndarray:
    """Weights as [output channels, taps] int64, whatever the operator's layout ([1, H, W, C] if depthwise)."""
    data = graph.operand(node, 1).data
    assert data is not None
    wide: np.ndarray = data.astype(np.int64)
    depthwise = node.op == "DEPTHWISE_CONV_2D"
    rows: np.ndarray = wide.reshape(-1, data.shape[-1]).T if depthwise else wide.reshape(data.shape[0], -1)
    return rows


def folded_bias(node: Node, graph: Graph) -> np.ndarray:
    """Bias less the input zero point times the sum of weights, so that kernels add up raw inputs.

    Where a kernel skips padding it must add zero point * weight for the taps that it skips.
    Shapes: [M] int64
    """
    x, bias, weights = graph.operand(node, 0), graph.input(node, 2), by_channel(node, graph)
    assert x.quantization is not None
    given = np.zeros(len(weights), np.int64) if bias is None or bias.data is None else bias.data.astype(np.int64)
    folded: np.ndarray = given - x.quantization.zero_point * weights.sum(axis=1)
    return folded


def sums_fit(node: Node, graph: Graph) -> str | None:
    """the accumulator must fit 32 bits whatever the input is"""
    if any(rule(node, graph) for rule in RULES):
        return None  # these report it
    by = by_channel(node, graph)
    ends = np.stack([by * INT8_MIN, by * INT8_MAX])
    bias = folded_bias(node, graph)
    low, high = bias + ends.min(axis=0).sum(axis=1), bias + ends.max(axis=0).sum(axis=1)
    # The running sum visits any value between the bias and the end.
    return accumulator_fits(int(min(low.min(), bias.min())), int(max(high.max(), bias.max())))


def requantization(node: Node, graph: Graph) -> tuple[Table, Table]:
    """Multiplier and shift tables: one entry a channel, or one entry if the weights have one scale."""
    x, weights, y = graph.operand(node, 0), graph.operand(node, 1), graph.output(node)
    assert x.quantization and weights.quantization and y.quantization
    reals = (x.quantization.scale * scale / y.quantization.scale for scale in weights.quantization.scales)
    pairs = [quantize_multiplier(real) for real in reals]
    return (
        Table("int32_t", np.array([m for m, _ in pairs], np.int32), program_memory=True),
        Table("int8_t", np.array([s for _, s in pairs], np.int8), program_memory=True),
    )


#: What every operator with weights demands.
CONSTRAINTS: tuple[Constraint, ...] = (*RULES, sums_fit)
