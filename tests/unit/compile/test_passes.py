from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.support.graphs import HALF, QUARTER, constant, make_graph, node, tensor
from tinypack.compile import compile_graph
from tinypack.compile.passes import (
    CLAMPING,
    PASSES,
    drop_dead,
    fold_constants,
    fuse_activations,
    fuse_padding,
    optimise,
)
from tinypack.graph import Graph, Node

X = tensor((1, 4))
WEIGHTS = constant(np.ones((4, 4)), "int8", HALF)


def ops(graph: Graph) -> list[str]:
    return [node.op for node in graph.nodes]


def activation_of(graph: Graph) -> str:
    (only,) = graph.nodes
    return str(only.options["activation"])


@pytest.mark.parametrize("activation", ["RELU", "RELU6"])
@pytest.mark.parametrize("op", CLAMPING)
def test_activation_becomes_the_clamp_of_its_producer(op: str, activation: str) -> None:
    producer = Node(0, op, (0, 1), (2,), {"activation": "NONE", "more": 7})
    graph = fuse_activations(make_graph([X, WEIGHTS, X, X], [producer, node(activation, [2], 3)], [3]))
    (only,) = graph.nodes
    assert (only.op, only.index, only.inputs, only.outputs) == (op, 0, (0, 1), (3,))
    assert only.options == {"activation": activation, "more": 7}


#: Name, tensors, nodes, outputs: nothing may be merged.
KEPT_ACTIVATIONS: list[tuple[str, list[Any], list[Node], list[int]]] = [
    ("other scale", [X, X, X, tensor((1, 4), QUARTER)], [node("ADD", [0, 1], 2), node("RELU", [2], 3)], [3]),
    ("two readers", [X] * 5, [node("ADD", [0, 1], 2), node("RELU", [2], 3), node("MUL", [2, 3], 4)], [4]),
    ("producer is an output too", [X] * 4, [node("ADD", [0, 1], 2), node("RELU", [2], 3)], [2, 3]),
    ("producer clamps already", [X] * 4, [node("ADD", [0, 1], 2, activation="RELU6"), node("RELU", [2], 3)], [3]),
    ("producer has no clamp", [X] * 4, [node("CONCATENATION", [0, 1], 2), node("RELU", [2], 3)], [3]),
    ("activation of an input", [X] * 2, [node("RELU", [0], 1)], [1]),
    ("other reader than RELU", [X] * 4, [node("ADD", [0, 1], 2), node("LOGISTIC", [2], 3)], [3]),
]


@pytest.mark.parametrize(
    ("tensors", "nodes", "outputs"), [row[1:] for row in KEPT_ACTIVATIONS], ids=[row[0] for row in KEPT_ACTIVATIONS]
)
def test_activation_stays(tensors: list[Any], nodes: list[Node], outputs: list[int]) -> None:
    graph = fuse_activations(make_graph(tensors, nodes, outputs, (0, 1)))
    assert ops(graph) == [n.op for n in nodes]


def test_only_the_first_of_two_activations_merges() -> None:
    nodes = [node("ADD", [0, 1], 2), node("RELU", [2], 3), node("RELU6", [3], 4)]
    graph = fuse_activations(make_graph([X] * 5, nodes, [4], (0, 1)))
    assert [(n.op, n.options.get("activation")) for n in graph.nodes] == [("ADD", "RELU"), ("RELU6", None)]


FILTER = constant(np.ones((1, 2, 2, 1)), "int8", HALF)
IMAGE, PADDED, RESULT = tensor((1, 3, 3, 1)), tensor((1, 6, 8, 1)), tensor((1, 5, 7, 1))
PADS = [[0, 0], [1, 2], [2, 3], [0, 0]]


def padded(pads: Any, q: Any = HALF, padding: str = "VALID", value: bool = False, reader: str = "CONV_2D") -> Graph:
    tensors = [
        IMAGE,
        constant(pads),
        constant([1], "int8", HALF),
        tensor(PADDED.shape, q),
        FILTER,
        RESULT,
    ]
    pad = node("PAD", [0, 1, 2] if value else [0, 1], 3)
    return make_graph(tensors, [pad, node(reader, [3, 4], 5, padding=padding)], [5])


@pytest.mark.parametrize("reader", ["CONV_2D", "DEPTHWISE_CONV_2D"])
def test_padding_becomes_that_of_the_convolution(reader: str) -> None:
    (only,) = fuse_padding(padded(PADS, reader=reader)).nodes
    assert (only.op, only.index, only.inputs, only.outputs) == (reader, 1, (0, 4), (5,))
    assert only.options["padding"] == (1, 2, 2, 3)


@pytest.mark.parametrize(
    "graph",
    [
        padded([[0, 0], [1, 1], [1, 1], [1, 0]]),
        padded([[0, 1], [1, 1], [1, 1], [0, 0]]),
        padded([[1, 1], [1, 1]]),
        padded(PADS, q=QUARTER),
        padded(PADS, padding="SAME"),
        padded(PADS, value=True),
        padded(PADS, reader="MAX_POOL_2D"),
    ],
    ids=["channels", "batch", "rank 2", "other scale", "SAME", "own value", "a pool"],
)
def test_padding_stays(graph: Graph) -> None:
    assert ops(fuse_padding(graph)) == ops(graph)


def test_padding_with_two_readers_stays() -> None:
    graph = padded(PADS)
    second = Node(2, "RELU", (3,), (6,))
    tensors = {**graph.tensors, 6: graph.tensors[3]}
    assert ops(fuse_padding(graph.with_nodes((*graph.nodes, second), tensors))) == ["PAD", "CONV_2D", "RELU"]


def test_shape_chain_of_an_exporter_is_folded() -> None:
    """reshape(x, [shape(x)[0], -1]) as converters write it: only the RESHAPE is left, and it needs no code."""
    tensors = [
        tensor((1, 2, 2, 1)),
        tensor((4,), None, "int32"),
        constant([0]),
        constant([1]),
        constant([1]),
        tensor((), None, "int32"),
        constant(4),
        tensor((2,), None, "int32"),
        tensor((1, 4)),
    ]
    nodes = [
        node("SHAPE", [0], 1),
        node("STRIDED_SLICE", [1, 2, 3, 4], 5, shrink_axis_mask=1),
        node("PACK", [5, 6], 7, axis=0, values_count=2),
        node("RESHAPE", [0, 7], 8),
    ]
    graph = make_graph(tensors, nodes, [8])
    folded = fold_constants(graph)
    assert ops(folded) == ["RESHAPE"]
    found = [folded.tensors[key].data for key in (1, 5, 7)]
    assert [data.tolist() for data in found if data is not None] == [[1, 2, 2, 1], 1, [1, 4]]
    assert [data.dtype for data in found if data is not None] == [np.int32] * 3
    program = compile_graph(graph)
    assert program.steps == () and program.offsets[8] == program.offsets[0]


def test_views_of_constants_are_folded() -> None:
    tensors = [X, constant([[1, 2], [3, 4]], "int8", HALF), constant([1, 4]), X, X]
    graph = fold_constants(make_graph(tensors, [node("RESHAPE", [1, 2], 3), node("ADD", [0, 3], 4)], [4]))
    assert ops(graph) == ["ADD"]
    data = graph.tensors[3].data
    assert data is not None and data.tolist() == [[1, 2, 3, 4]]


def test_activations_are_not_folded() -> None:
    graph = make_graph([X, X, X], [node("RESHAPE", [0], 1), node("RELU", [1], 2)], [2])
    assert ops(fold_constants(graph)) == ["RESHAPE", "RELU"]


def test_dead_code_is_dropped() -> None:
    nodes = [node("RELU", [0], 1), node("RELU", [0], 2), node("RELU6", [2], 3), node("LOGISTIC", [1], 4)]
    graph = drop_dead(make_graph([X] * 5, nodes, [4]))
    assert [n.index for n in graph.nodes] == [0, 3]


def test_order_is_kept_and_passes_settle() -> None:
    nodes = [node("ADD", [0, 1], 2), node("RELU", [2], 3), node("RELU", [0], 4), node("MUL", [3, 4], 5)]
    once = optimise(make_graph([X] * 6, nodes, [5], (0, 1)))
    assert ops(once) == ["ADD", "RELU", "MUL"]
    twice = optimise(once)
    assert [n.outputs for n in twice.nodes] == [n.outputs for n in once.nodes]


@pytest.mark.parametrize("apply", PASSES, ids=lambda apply: apply.__name__)
def test_a_pass_leaves_its_argument_alone(apply: Any) -> None:
    graph = make_graph([X] * 4, [node("ADD", [0, 1], 2), node("RELU", [2], 3)], [3], (0, 1))
    before = (dict(graph.tensors), graph.nodes, graph.nodes[0].options["activation"])
    apply(graph)
    assert before == (dict(graph.tensors), graph.nodes, graph.nodes[0].options["activation"])


#: Operator, constant input's shape, output's shape and quantisation: none of them is folded, all must compile.
CONSTANT_INPUTS = [
    ("FULLY_CONNECTED", {}),
    ("SOFTMAX", {"beta": 1.0}),
    ("RELU", {}),
    ("LOGISTIC", {}),
]


@pytest.mark.parametrize(("op", "options"), CONSTANT_INPUTS, ids=[op for op, _ in CONSTANT_INPUTS])
def test_operators_take_constants(op: str, options: dict[str, Any]) -> None:
    probability = tensor((1, 4), type(HALF)((1 / 256,), (-128,)))
    more = [2] if op == "FULLY_CONNECTED" else []
    tensors = [X, constant([[1, 2, 3, 4]], "int8", HALF), WEIGHTS, probability, X]
    graph = make_graph(tensors, [node(op, [1, *more], 3, **options), node("ADD", [0, 3], 4)], [4])
    program = compile_graph(graph)
    keys = {key for step in program.steps for call in step.calls for key in call.inputs if isinstance(key, int)}
    assert keys <= program.offsets.keys()
