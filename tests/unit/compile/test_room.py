"""Weights in what the arena has free."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from tests.support.models import model_bytes
from tests.support.nets import Net
from tinypack.compile import Program, compile_graph, room
from tinypack.compile.arena import plan_arena
from tinypack.compile.lower import GROWTH, Options, lower_graph
from tinypack.importers.tflite import import_tflite
from tinypack.ops.winograd import KERNEL


def compiled(optimise: str = "balanced") -> Program:
    """A large tensor first; after it there is room for weights."""
    net = Net(1, (1, 16, 16, 4))
    net.conv(net.conv(net.conv(0, 16), 8, 2, stride_h=2, stride_w=2), 12, 3)
    return compile_graph(import_tflite(net.built(), "net"), Options(optimise))


def in_ram(program: Program) -> list[int]:
    return [step.node.index for step in program.steps if dict(step.calls[0].params).get("in_ram")]


@pytest.mark.parametrize(("optimise", "nodes"), [("balanced", [0, 2]), ("speed", [0, 1, 2]), ("size", [])])
def test_weights_go_where_there_is_room(optimise: str, nodes: list[int]) -> None:
    assert in_ram(compiled(optimise)) == nodes


@pytest.mark.parametrize("optimise", GROWTH)
def test_nothing_lies_over_the_weights(optimise: str) -> None:
    program = compiled(optimise)
    assert program.arena_bytes <= compiled("size").arena_bytes * (100 + GROWTH[optimise]) // 100
    for position, step in enumerate(program.steps):
        if not step.scratch:
            continue
        offset = program.scratch[step.node.index]
        others = [block for block in program.memory.at(position) if block.key != -1 - step.node.index]
        assert all(block.end <= offset or block.offset >= offset + step.scratch for block in others)
        assert offset + step.scratch <= program.arena_bytes


def test_the_arena_does_not_grow_where_it_has_room() -> None:
    graph = import_tflite(model_bytes("vww_96_int8"), "vww")
    balanced = compile_graph(graph, Options("balanced"))
    assert len(in_ram(balanced)) > 10
    assert balanced.arena_bytes == plan_arena(*lower_graph(graph), save_ram=False).arena_bytes


def test_an_output_that_may_not_lie_over_the_input_does_not() -> None:
    program = compile_graph(import_tflite(model_bytes("pretrainedResnet_quant"), "resnet"), Options("speed"))
    calls = [step.calls[0] for step in program.steps if step.calls[0].kernel == KERNEL]
    strips = [call for call in calls if not call.overlaps]
    assert 0 < len(strips) < len(calls)
    for call in strips:
        (x, y) = (program.graph.tensors[key] for key in (call.inputs[0], call.output) if isinstance(key, int))
        start, end = program.offsets[y.index], program.offsets[y.index] + y.nbytes
        assert end <= program.offsets[x.index] or start >= program.offsets[x.index] + x.nbytes


def test_the_arena_is_planned_again_a_few_times_only() -> None:
    graph = import_tflite(model_bytes("pretrainedResnet_quant"), "resnet")
    with patch.object(room, "MOST_PLANS", 0), patch("tinypack.compile.room.plan_arena") as again:
        compile_graph(graph, Options("speed"))
    assert not again.called
