"""The memory plan as a list of blocks."""

from __future__ import annotations

from tests.support.graphs import HALF, QUARTER, constant, make_graph, node, tensor
from tinypack.compile import Program, compile_graph
from tinypack.compile.memory_map import Block, MemoryMap

X = tensor((1, 8))


def chain() -> Program:
    """A view, a table that works in place, another view, a dense layer."""
    weights = constant([[1] * 8] * 4, "int8", HALF)
    nodes = [
        node("RESHAPE", [0], 1),
        node("RELU", [1], 2),
        node("RESHAPE", [2], 3),
        node("FULLY_CONNECTED", [3, 5], 4),
    ]
    tensors = [X, tensor((8,)), tensor((8,), QUARTER), tensor((1, 8), QUARTER), tensor((1, 4)), weights]
    return compile_graph(make_graph(tensors, nodes, [4]))


def test_views_are_no_steps_and_no_blocks() -> None:
    memory = chain().memory
    assert [(step.nodes, step.ops, step.shape) for step in memory.steps] == [
        ((1,), ("RELU",), (8,)),
        ((3,), ("FULLY_CONNECTED",), (1, 4)),
    ]
    assert [(b.kind, b.bytes, b.first, b.last) for b in memory.blocks if b.kind != "scratch"] == [
        ("input", 8, -1, 0),
        ("activation", 8, 0, 1),
        ("output", 4, 1, 2),
    ]


def test_blocks_lie_where_the_program_says() -> None:
    program = chain()
    for block in program.memory.blocks:
        node_scratch = program.scratch.get(-1 - block.key)
        assert block.offset == (node_scratch if block.kind == "scratch" else program.offsets[block.key])
    most = max(program.memory.used(step) for step in range(-1, 3))
    assert most <= program.arena_bytes == max(-(-block.end // 4) * 4 for block in program.memory.blocks)


def test_used_bytes_count_once() -> None:
    blocks = (
        Block(0, "a", "input", 0, 10, -1, 0),
        Block(1, "b", "output", 4, 4, 0, 1),
        Block(2, "c", "activation", 20, 5, 0, 0),
        Block(3, "d", "activation", 8, 8, 0, 0),
    )
    memory = MemoryMap((), blocks)
    assert [memory.used(step) for step in (-1, 0, 1, 2)] == [10, 21, 4, 0]
    assert memory.with_blocks(Block(4, "e", "scratch", 0, 0, -1, -1)) == memory


def test_a_model_that_is_a_view_has_no_steps() -> None:
    memory = compile_graph(make_graph([X, tensor((2, 4))], [node("RESHAPE", [0], 1)], [1])).memory
    assert memory.steps == () and [(b.kind, b.first, b.last) for b in memory.blocks] == [("input", -1, 0)]
