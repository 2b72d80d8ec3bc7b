"""Channels that hold one value for all inputs of the model are not computed: their readers' biases hold them instead.

Training leaves such channels behind: those that RELU keeps at zero. A group is the output of a layer and what keeps its
channels apart behind it: depthwise convolutions, pools, means, views. A channel goes from the whole group, or stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import compress
from math import gcd

import numpy as np

from tinypack.compile.ranges import Range, channel_ranges, input_range, mixes_channels, one_filter_a_channel
from tinypack.graph import Graph, Node, Quantization, Tensor
from tinypack.ops import OPS
from tinypack.ops.arithmetic import INT32_MAX
from tinypack.ops.mean import keeps_channels
from tinypack.ops.packing import BLOCK, UNIT

POOLS = ("AVERAGE_POOL_2D", "MAX_POOL_2D")

#: Which channels of an activation stay, by its key; all do of those that are absent. Shapes: [channels] bool
Kept = Mapping[int, np.ndarray]


def drop_constant_channels(graph: Graph) -> Graph:
    """Leave out channels that never change, where every node behind them can do without."""
    ranges = channel_ranges(graph)
    kept: dict[int, np.ndarray] = {}
    # From the end on: what a layer reads depends on which of its output channels stay.
    for keys in reversed(_groups(graph)):
        kept |= _kept(keys, graph, ranges, kept)
    return _cut(graph, ranges, kept) if kept else graph


def _groups(graph: Graph) -> list[Sequence[int]]:
    """Give the groups that end in layers, as their tensors' keys, in the order of execution."""
    groups: dict[int, list[int]] = {}
    root: dict[int, int] = {}
    fixed = set(graph.outputs)
    for node in graph.nodes:
        out = node.outputs[0]
        if mixes_channels(node, graph):
            root[out] = out
        elif _keeps_apart(node, graph):
            root[out] = root.get(node.inputs[0], -1)
        else:
            fixed.update(node.inputs)
        groups.setdefault(root.get(out, -1), []).append(out)
    return [keys for key, keys in groups.items() if key >= 0 and fixed.isdisjoint(keys)]


def _keeps_apart(node: Node, graph: Graph) -> bool:
    """Say whether each output channel comes from one input channel alone."""
    if node.op == "MEAN":
        return keeps_channels(node, graph)
    return node.op in POOLS or getattr(OPS[node.op], "VIEW", False) or one_filter_a_channel(node, graph)


def _kept(keys: Sequence[int], graph: Graph, ranges: Mapping[int, Range], kept: Kept) -> dict[int, np.ndarray]:
    """Decide which channels of a group stay; nothing where all do."""
    readers = [node for node in graph.nodes if node.inputs[0] in keys and mixes_channels(node, graph)]
    needed = [_needed(node, graph, ranges, kept) for node in readers]
    extents = [graph.tensors[key].shape[-1] for key in keys]
    period = gcd(*extents, *map(len, needed))  # in longer dimensions the channels repeat
    stays = np.zeros(period, bool)
    for channels in needed:
        stays |= channels.reshape(-1, period).any(axis=0)
    # Fast kernels take some channels at a time: a part of them would be slower than all.
    unit = UNIT if any(node.op == "FULLY_CONNECTED" for node in readers) else BLOCK
    count = -(-max(int(stays.sum()), 1) // unit) * unit
    stays[np.flatnonzero(~stays)[: count - int(stays.sum())]] = True
    return {} if stays.all() else {key: np.resize(stays, n) for key, n in zip(keys, extents, strict=True)}


def _needed(node: Node, graph: Graph, ranges: Mapping[int, Range], kept: Kept) -> np.ndarray:
    """Say which input channels a layer can't do without.

    Shapes: [channels] bool
    """
    rows = _rows(node, graph)[kept.get(node.outputs[0], slice(None))]
    given = input_range(node, graph, ranges[node.inputs[0]])
    never_changes = np.equal(given.low, given.high)
    used: np.ndarray = np.asarray(rows.any(axis=(0, 1)))
    moved = np.abs(_products(node, graph, rows, given))[:, never_changes].sum(axis=1)
    bias = np.abs(_bias(node, graph))[kept.get(node.outputs[0], slice(None))]
    fits = (bias + moved <= INT32_MAX).all()
    return used & ~never_changes if fits else used


def _rows(node: Node, graph: Graph) -> np.ndarray:
    """Shapes: weights [M, ..., C] -> [M, taps, C] int64"""
    data = graph.operand(node, 1).data
    assert data is not None
    return data.astype(np.int64).reshape(data.shape[0], -1, data.shape[-1])


def _products(node: Node, graph: Graph, rows: np.ndarray, given: Range) -> np.ndarray:
    """Give what each input channel adds to the sums while it has its least value.

    Shapes: rows [M, taps, C] -> [M, C]
    """
    x = graph.operand(node, 0).quantization
    assert x
    products: np.ndarray = rows.sum(axis=1) * (given.low - x.zero_point)
    return products


def _bias(node: Node, graph: Graph) -> np.ndarray:
    bias = graph.input(node, 2)
    if bias is None or bias.data is None:
        return np.zeros(graph.output(node).shape[-1], np.int64)
    return bias.data.astype(np.int64)


def _cut(graph: Graph, ranges: Mapping[int, Range], kept: Kept) -> Graph:
    """Take all channels out that don't stay."""
    tensors = dict(graph.tensors)
    tensors |= {key: _activation(tensors[key], stays) for key, stays in kept.items()}
    nodes: list[Node] = []
    for node in graph.nodes:
        weighted = mixes_channels(node, graph) or one_filter_a_channel(node, graph)
        if weighted and {node.inputs[0], node.outputs[0]} & kept.keys():
            made = [replace(t, index=max(tensors) + i) for i, t in enumerate(_constants(node, graph, ranges, kept), 1)]
            tensors |= {tensor.index: tensor for tensor in made}
            node = replace(node, inputs=(node.inputs[0], *(tensor.index for tensor in made)))
        nodes.append(node)
    return graph.with_nodes(tuple(nodes), tensors)


def _activation(tensor: Tensor, stays: np.ndarray) -> Tensor:
    channels = np.flatnonzero(stays).tolist()
    return replace(tensor, shape=(*tensor.shape[:-1], len(channels)), channels=tuple(channels))


def _constants(node: Node, graph: Graph, ranges: Mapping[int, Range], kept: Kept) -> tuple[Tensor, Tensor]:
    """Give a layer's weights and bias for the channels that stay."""
    weights, bias = graph.operand(node, 1), _bias(node, graph)
    assert weights.data is not None
    data, stays = weights.data, kept.get(node.outputs[0], np.ones(len(bias), bool))
    if mixes_channels(node, graph) and node.inputs[0] in kept:
        read = np.resize(kept[node.inputs[0]], data.shape[-1])
        given = input_range(node, graph, ranges[node.inputs[0]])
        bias = bias + _products(node, graph, _rows(node, graph), given)[:, ~read].sum(axis=1)
        data = data[..., read]
    data = np.compress(stays, data, axis=-1 if one_filter_a_channel(node, graph) else 0)
    old = graph.input(node, 2)
    cut = replace(weights, shape=data.shape, data=data, quantization=_quantization(weights.quantization, stays))
    units = _quantization(old.quantization if old else None, stays)
    values = bias[stays].astype(np.int32)
    return cut, Tensor(-1, old.name if old else f"{weights.name} bias", values.shape, "int32", units, values)


def _quantization(q: Quantization | None, stays: np.ndarray) -> Quantization | None:
    if q is None or not q.per_channel:
        return q
    return replace(q, scales=tuple(compress(q.scales, stays)), zero_points=tuple(compress(q.zero_points, stays)))
