"""A program's reads and writes, replayed on a memory of symbols: no value may be overwritten before its last read."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.graphs import HALF, QUARTER, constant, make_graph, node, tensor
from tests.support.models import INT8_MODELS, model_bytes
from tinypack.compile import Program, arena, compile_graph
from tinypack.compile.plan import ALIGNMENT
from tinypack.errors import TinypackError
from tinypack.graph import Graph, Node, Quantization, Tensor
from tinypack.importers.tflite import import_tflite
from tinypack.ops import OPS
from tinypack.ops.overlap import Overlap, SameBase, Slide

LENGTHS = (4, 6, 1)
NOTHING = (-1, -1)
PROBABILITIES = Quantization((1 / 256,), (-128,))


class Memory:
    """What each byte of the arena holds: (tensor, byte of it)."""

    def __init__(self, program: Program) -> None:
        self.graph, self.offsets = program.graph, program.offsets
        self.bytes = [NOTHING] * program.arena_bytes

    def region(self, key: int) -> range:
        start = self.offsets[key]
        assert start >= 0 and start % ALIGNMENT == 0 and start + self.graph.tensors[key].nbytes <= len(self.bytes)
        return range(start, start + self.graph.tensors[key].nbytes)

    def write(self, key: int, what: int) -> None:
        for place, position in enumerate(self.region(key)):
            self.bytes[position] = (what, place)

    def holds(self, key: int, what: int) -> bool:
        return [self.bytes[i] for i in self.region(key)] == [(what, i) for i in range(len(self.region(key)))]


def replay(program: Program, source: Graph) -> list[str]:
    """Run a program on symbols; `source` says what views show. Returns what went wrong."""
    shows: dict[int, int] = {}
    for n in source.nodes:
        if getattr(OPS[n.op], "VIEW", False):
            shows[n.outputs[0]] = shows.get(n.inputs[0], n.inputs[0])
    memory, found = Memory(program), []
    for key in program.graph.inputs:
        memory.write(key, key)
    for step in program.steps:
        out = step.node.outputs[0]
        for call in step.calls:
            for position, key in enumerate(call.inputs):
                if not isinstance(key, int):
                    continue
                if not memory.holds(key, shows.get(key, key)):
                    found.append(f"node {step.node.index} reads t{key}, which is no longer there")
                theirs, mine = memory.region(key), memory.region(out)
                allowed = call.overlaps.get(position) if len(step.calls) == 1 else None
                if set(theirs) & set(mine) and not may_lie_over(allowed, mine.start - theirs.start):
                    found.append(f"node {step.node.index} overwrites its own input t{key}")
            memory.write(out, -2)  # a part of the output
        memory.write(out, out)
    ends = [key for key in program.graph.outputs if not memory.holds(key, shows.get(key, key))]
    return [*found, *(f"output t{key} is overwritten" for key in ends)]


def may_lie_over(allowed: Overlap | None, behind: int) -> bool:
    """Whether an output may begin so many bytes behind an input that it shares bytes with."""
    slides = isinstance(allowed, Slide) and behind <= -allowed.distance
    return slides or (isinstance(allowed, SameBase) and behind == 0)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Draw a graph of operators with and without places to share, over tensors of few lengths."""
    tensors: list[Tensor] = [tensor((1, length)) for length in LENGTHS]
    inputs = tuple(range(len(LENGTHS)))
    nodes: list[Node] = []
    for _ in range(draw(st.integers(1, 9))):
        live = [i for i, t in enumerate(tensors) if not t.is_constant]
        x = draw(st.sampled_from(live))
        alike = [i for i in live if tensors[i].shape == tensors[x].shape]
        op, operands, made, options, more = draw(st.sampled_from(MAKERS))(draw, tensors, x, alike)
        nodes.append(node(op, operands, len(tensors), **options))
        tensors += [made, *more]
    made_keys = [n.outputs[0] for n in nodes]
    outputs = draw(st.lists(st.sampled_from(made_keys), min_size=1, max_size=3, unique=True))
    return make_graph(tensors, nodes, outputs, inputs)


def relu(draw: st.DrawFn, tensors: list[Tensor], x: int, alike: list[int]) -> Any:
    q = QUARTER if tensors[x].quantization == HALF else HALF
    return "RELU", [x], tensor(tensors[x].shape, draw(st.sampled_from([q, tensors[x].quantization]))), {}, []


def softmax(draw: st.DrawFn, tensors: list[Tensor], x: int, alike: list[int]) -> Any:
    return "SOFTMAX", [x], tensor(tensors[x].shape, PROBABILITIES), {"beta": 1.0}, []


def add(draw: st.DrawFn, tensors: list[Tensor], x: int, alike: list[int]) -> Any:
    small = [i for i, t in enumerate(tensors) if t.elements == 1]
    operands = draw(st.permutations([x, draw(st.sampled_from(alike + small))]))
    return "ADD", operands, tensor(np.broadcast_shapes(*(tensors[i].shape for i in operands))), {}, []


def reshape(draw: st.DrawFn, tensors: list[Tensor], x: int, alike: list[int]) -> Any:
    shape = draw(st.sampled_from([(1, tensors[x].elements), (1, 1, tensors[x].elements)]))
    return "RESHAPE", [x], tensor(shape, tensors[x].quantization), {}, []


def concatenation(draw: st.DrawFn, tensors: list[Tensor], x: int, alike: list[int]) -> Any:
    same = [i for i in alike if tensors[i].quantization == tensors[x].quantization]
    joined = [x, *draw(st.lists(st.sampled_from(same), min_size=1, max_size=2))]
    shape = (*tensors[x].shape[:-1], tensors[x].shape[-1] * len(joined))
    return "CONCATENATION", joined, tensor(shape, tensors[x].quantization), {}, []


def dense(draw: st.DrawFn, tensors: list[Tensor], x: int, alike: list[int]) -> Any:
    length = draw(st.sampled_from(LENGTHS))
    weights = constant([[1] * tensors[x].elements] * length, "int8", HALF)
    # The output comes first: the weights stand behind it.
    return "FULLY_CONNECTED", [x, len(tensors) + 1], tensor((1, length)), {}, [weights]


MAKERS = (relu, softmax, add, reshape, concatenation, dense)


@settings(max_examples=300, deadline=None)
@given(graphs())
def test_no_value_is_overwritten_before_its_last_read(graph: Graph) -> None:
    assert replay(compile_graph(graph), graph) == []


@pytest.mark.parametrize("name", INT8_MODELS)
def test_real_models(name: str) -> None:
    graph = import_tflite(model_bytes(name), name)
    assert replay(compile_graph(graph), graph) == []


X = tensor((1, 4))
OTHER = tensor((1, 4), QUARTER)


def branch() -> Graph:
    """An input that is read after an operator that could take its place."""
    nodes = [node("RELU", [0], 1), node("ADD", [0, 1], 2)]
    return make_graph([X, OTHER, X], nodes, [2])


@pytest.mark.parametrize(
    ("offsets", "found"),
    [
        ({0: 0, 1: 0, 2: 4}, ["node 1 reads t0, which is no longer there"]),
        ({0: 0, 1: 4, 2: 6}, ["node 1 overwrites its own input t1"]),
    ],
    ids=["an early overwrite", "an overlap that the kernel does not bear"],
)
def test_the_replay_sees(offsets: dict[int, int], found: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Memory, "region", lambda self, key: range(self.offsets[key], self.offsets[key] + 4))
    monkeypatch.setattr(arena, "plan", lambda buffers, overlaps: (offsets, 12))
    assert [text for text in replay(compile_graph(branch()), branch()) if text in found] == found


#: Name, graph, arena in bytes.
SHARING: list[tuple[str, Graph, int]] = [
    ("in place", make_graph([X, OTHER], [node("RELU", [0], 1)], [1]), 4),
    ("read later", branch(), 8),
    ("view, then in place", make_graph([X, X, OTHER], [node("RESHAPE", [0], 1), node("RELU", [1], 2)], [2]), 4),
    (
        "view read later",
        make_graph([X, X, OTHER, X], [node("RESHAPE", [0], 1), node("RELU", [0], 2), node("ADD", [1, 2], 3)], [3]),
        8,
    ),
    ("view is an output", make_graph([X, X, OTHER], [node("RESHAPE", [0], 1), node("RELU", [0], 2)], [1, 2]), 8),
    (
        "only the second input dies",
        make_graph([X, OTHER, X, X], [node("RELU", [0], 1), node("ADD", [0, 1], 2), node("MUL", [0, 2], 3)], [3]),
        8,
    ),
    ("other size", make_graph([X, tensor((1, 8))], [node("CONCATENATION", [0, 0], 1)], [1]), 12),
    (
        "broadcast input is smaller",
        make_graph([tensor((4, 1)), X, tensor((4, 4))], [node("ADD", [0, 1], 2)], [2], (0, 1)),
        24,
    ),
    (
        "other width",
        make_graph([X, tensor((1, 4), None, "float32")], [node("DEQUANTIZE", [0], 1)], [1]),
        16,
    ),
    ("nothing but a view", make_graph([X, tensor((2, 2))], [node("RESHAPE", [0], 1)], [1]), 4),
    ("unused input", make_graph([X, X, OTHER], [node("RELU", [0], 2)], [2], (0, 1)), 8),
    ("one output twice", make_graph([X, OTHER], [node("RELU", [0], 1)], [1, 1]), 4),
]


@pytest.mark.parametrize(("graph", "arena"), [row[1:] for row in SHARING], ids=[row[0] for row in SHARING])
def test_sharing(graph: Graph, arena: int) -> None:
    program = compile_graph(graph)
    assert replay(program, graph) == []
    assert program.arena_bytes == program.lower_bound == arena


def test_every_scale_that_is_beyond_32_bits_is_reported() -> None:
    tiny = Quantization((1e-30,), (0,))
    nodes = [node("MUL", [0, 1], 2), node("MUL", [1, 0], 3)]
    graph = make_graph([X, X, tensor((1, 4), tiny), tensor((1, 4), tiny)], nodes, [2, 3], (0, 1))
    with pytest.raises(TinypackError) as caught:
        compile_graph(graph)
    assert [p.code for p in caught.value.problems] == ["bad-quantization"] * 2
    assert [p.where for p in caught.value.problems] == ['node 0 MUL "t2"', 'node 1 MUL "t3"']


def test_steps_are_the_nodes_that_need_code() -> None:
    nodes = [node("RESHAPE", [0], 1), node("RELU", [1], 2), node("RESHAPE", [2], 3)]
    program = compile_graph(make_graph([X, X, OTHER, OTHER], nodes, [3]))
    assert [step.node.index for step in program.steps] == [1]
    assert program.kernels == ("lookup_8",)
    assert set(program.graph.tensors) == {0, 1, 2, 3}
