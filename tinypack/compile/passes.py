"""What can be computed or merged before any code is written. Each pass: Graph -> Graph, bit-exact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from tinypack.compile.constant_channels import drop_constant_channels
from tinypack.graph import DTYPES, Graph, Node, Tensor
from tinypack.ops import OPS

#: Operators whose result passes a clamp, so that a following RELU costs nothing.
CLAMPING = ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "ADD", "SUB", "MUL", "AVERAGE_POOL_2D", "MAX_POOL_2D")

#: What operators offer to compute their output of constants.
FOLDS: dict[str, Callable[[Node, Graph], np.ndarray]] = {
    name: operator.fold for name, operator in OPS.items() if hasattr(operator, "fold")
}


def optimise(graph: Graph) -> Graph:
    """Fold constants, merge activations and padding into their neighbours, drop what nobody reads or never changes."""
    for apply in PASSES:
        graph = apply(graph)
    return graph


def known_tensors(graph: Graph) -> frozenset[int]:
    """Tensors whose data is known before the model runs: constants, and what operators fold from them."""
    known = {key for key, tensor in graph.tensors.items() if tensor.is_constant}
    for node in graph.nodes:
        # A shape is known even if the data is not.
        if node.op in FOLDS and (node.op == "SHAPE" or all(key in known for key in node.inputs if key >= 0)):
            known.update(node.outputs)
    return frozenset(known)


def fold_constants(graph: Graph) -> Graph:
    """Replace nodes whose output is known now by constant tensors."""
    tensors = dict(graph.tensors)
    known = known_tensors(graph)
    kept: list[Node] = []
    for node in graph.nodes:
        if node.outputs[0] in known:
            tensor = tensors[node.outputs[0]]
            data = np.asarray(FOLDS[node.op](node, replace(graph, tensors=tensors)), DTYPES[tensor.dtype][0])
            tensors[tensor.index] = replace(tensor, data=data.reshape(tensor.shape))
        else:
            kept.append(node)
    return graph.with_nodes(tuple(kept), tensors)


def drop_dead(graph: Graph) -> Graph:
    """Drop nodes that no output depends on."""
    wanted = set(graph.outputs)
    kept: list[Node] = []
    for node in reversed(graph.nodes):
        if wanted & set(node.outputs):
            kept.append(node)
            wanted |= set(node.inputs)
    return graph.with_nodes(tuple(reversed(kept)))


def fuse_activations(graph: Graph) -> Graph:
    """Make a RELU or RELU6 the clamp of its producer where both have the same quantisation."""

    def merged(producer: Node, node: Node) -> Node | None:
        same = _same_quantization(graph.operand(node, 0), graph.output(node))
        if node.op not in ("RELU", "RELU6") or producer.op not in CLAMPING or not same:
            return None
        if producer.options["activation"] != "NONE":
            return None
        return replace(producer, outputs=node.outputs, options={**producer.options, "activation": node.op})

    return _merge_pairs(graph, merged)


def fuse_padding(graph: Graph) -> Graph:
    """Make a PAD of height and width the padding of the convolution that reads it."""

    def merged(producer: Node, node: Node) -> Node | None:
        if (
            producer.op != "PAD"
            or node.op not in ("CONV_2D", "DEPTHWISE_CONV_2D")
            or node.options["padding"] != "VALID"
        ):
            return None
        if not _same_quantization(graph.operand(producer, 0), graph.output(producer)):
            return None
        if graph.input(producer, 2) is not None:  # a value of its own, not the zero point
            return None
        pads = graph.operand(producer, 1).data
        if pads is None or pads.shape != (4, 2) or pads[0].any() or pads[3].any():
            return None
        (top, bottom), (left, right) = pads[1].tolist(), pads[2].tolist()
        inputs = (producer.inputs[0], *node.inputs[1:])
        return replace(node, inputs=inputs, options={**node.options, "padding": (top, bottom, left, right)})

    return _merge_pairs(graph, merged)


PASSES: tuple[Callable[[Graph], Graph], ...] = (
    fold_constants,
    drop_dead,
    fuse_activations,
    fuse_padding,
    drop_constant_channels,
)


def _merge_pairs(graph: Graph, merged: Callable[[Node, Node], Node | None]) -> Graph:
    """Offer `merged` every pair of a node and the sole producer of its first input; it returns the one node."""
    readers = Counter(key for node in graph.nodes for key in node.inputs) + Counter(graph.outputs)
    by_output: dict[int, Node] = {}
    nodes: dict[int, Node] = {}
    for node in graph.nodes:
        producer = by_output.get(node.inputs[0]) if node.inputs else None
        both = merged(producer, node) if producer is not None and readers[node.inputs[0]] == 1 else None
        if both is not None and producer is not None:
            del nodes[producer.outputs[0]]
            node = both
        nodes[node.outputs[0]] = by_output[node.outputs[0]] = node
    return graph.with_nodes(tuple(nodes.values()))


def _same_quantization(a: Tensor, b: Tensor) -> bool:
    return a.dtype == b.dtype and a.quantization == b.quantization


def used_tensors(graph: Graph) -> Mapping[int, Tensor]:
    """Tensors that some node or the graph itself still names."""
    keys = {key for node in graph.nodes for key in (*node.inputs, *node.outputs) if key >= 0}
    return {key: tensor for key, tensor in graph.tensors.items() if key in keys | {*graph.inputs, *graph.outputs}}
