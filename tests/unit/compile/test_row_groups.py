"""Groups of layers that run row by row: which there are, in which order they go, what they need."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from tests.support.nets import Net
from tinypack.compile import Program, arena, compile_graph, plan
from tinypack.compile.lower import Options, lower_graph
from tinypack.compile.plan import ALIGNMENT
from tinypack.compile.row_groups import RowGroup, row_groups
from tinypack.graph import Graph
from tinypack.importers.tflite import import_tflite
from tinypack.ops.overlap import Slide

SAME = {"padding": "SAME"}


def residual() -> Net:
    """Two convolutions whose result is added to what they began with: nodes 1, 2 and 3."""
    net = Net(1, (1, 8, 8, 8))
    start = net.conv(0, 8)
    end = net.conv(net.conv(start, 8, 3, **SAME), 8, 3, **SAME)
    net.like("ADD", [start, end], (1, 8, 8, 8), activation="NONE")
    return net


def widening() -> Net:
    """A wide tensor between two narrow ones."""
    net = Net(2, (1, 16, 16, 8))
    net.depthwise(net.conv(net.conv(0, 8), 32), 3, stride_h=2, stride_w=2, **SAME)
    return net


def read_twice() -> Net:
    net = Net(3, (1, 8, 8, 8))
    middle = net.conv(0, 8)
    net.like("ADD", [middle, net.conv(middle, 8)], (1, 8, 8, 8), activation="NONE")
    return net


def groups_of(net: Net) -> tuple[Graph, list[RowGroup]]:
    graph, steps = lower_graph(import_tflite(net.built(), "net"))
    return graph, row_groups(graph, steps, ALIGNMENT)


def compiled(net: Net, **options: bool) -> Program:
    return compile_graph(import_tflite(net.built(), "net"), Options(**options))


@pytest.mark.parametrize(
    ("net", "expected"),
    [
        (residual(), [[1, 2], [1, 2, 3], [2, 3]]),
        (widening(), [[0, 1], [0, 1, 2], [1, 2]]),
        (read_twice(), [[1, 2]]),
    ],
)
def test_possible_groups(net: Net, expected: list[list[int]]) -> None:
    groups = groups_of(net)[1]
    assert [[step.node.index for step in group.steps] for group in groups] == expected


def test_rows_are_made_as_the_next_layer_needs_them() -> None:
    group = next(group for group in groups_of(residual())[1] if len(group.steps) == 3)
    schedule = list(group.schedule())
    assert schedule[:6] == [(0, 0), (0, 1), (1, 0), (2, 0), (0, 2), (1, 1)]
    assert sorted(schedule) == [(stage, row) for stage in range(3) for row in range(8)]
    assert group.offsets == (0, 3 * 64, 3 * 64 + 64)  # three rows for the second convolution, one for the sum
    assert group.scratch == 4 * 64 + 4 * 72


def test_a_sum_goes_over_what_it_adds_to() -> None:
    graph, groups = groups_of(residual())
    group = next(group for group in groups if len(group.steps) == 3)
    (call,) = group.as_step(graph).calls
    assert call.overlaps == {0: Slide(0)}


@pytest.mark.parametrize("net", [residual(), widening()])
def test_groups_are_taken_where_they_save(net: Net) -> None:
    whole, by_rows = compiled(net), compiled(net, save_ram=True)
    assert not whole.groups and by_rows.groups
    assert by_rows.arena_bytes < whole.arena_bytes
    inner = {step.node.outputs[0] for group in by_rows.groups for step in group.steps[:-1]}
    assert not inner & by_rows.offsets.keys()
    assert {step.node.index for step in by_rows.whole_steps} < {step.node.index for step in by_rows.steps}


def test_long_chains_are_not_planned_for_each_group() -> None:
    net = Net(4, (1, 8, 8, 8))
    x = 0
    for _ in range(20):
        x = net.conv(x, 8, 3, **SAME)
    with patch.object(plan, "MOST_WORK", 0), patch("tinypack.compile.arena.plan", wraps=plan.plan) as plans:
        compiled(net, save_ram=True)
    assert plans.call_count <= 1 + arena.MOST_PLANS
