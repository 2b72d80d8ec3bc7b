"""Layers that run row by row, against the oracle in every tensor that stands as a whole."""

from __future__ import annotations

from pathlib import Path

from tests.kernels.harness import Case, check, compile_case
from tests.kernels.rows import Random
from tests.kernels.targets import Target
from tests.kernels.test_overlaps import Chain, addition, convolution, depthwise
from tests.support.model_builder import T, build
from tinypack.compile import Program
from tinypack.compile.arena import Layout
from tinypack.compile.lower import lower_graph
from tinypack.compile.plan import ALIGNMENT
from tinypack.compile.row_groups import RowGroup, row_groups
from tinypack.graph import Graph

LAYERS = (convolution, convolution, depthwise, depthwise, addition)


def by_rows(graph: Graph) -> Program:
    """Compile with all groups that are possible, the longest first."""
    lowered, steps = lower_graph(graph)
    chosen: list[RowGroup] = []
    for group in sorted(row_groups(lowered, steps, ALIGNMENT), key=lambda g: -len(g.steps)):
        taken = {step.node.index for other in chosen for step in other.steps}
        if not taken & {step.node.index for step in group.steps}:
            chosen.append(group)
    return Layout(lowered, steps, tuple(chosen)).planned()


def chain_case(seed: int) -> Case:
    draw = Random(f"row groups {seed}")
    depth = draw.choice((4, 8, 1, 3))
    size = (1, draw.randint(3, 12), draw.randint(3, 12), depth)
    chain = Chain([T(size, scale=draw.scale(), zero_point=draw.zero_point())])
    for _ in range(draw.randint(2, 6)):
        draw.choice(LAYERS)(draw, chain)
    return Case(f"chain {seed} {size}", build(chain.tensors, chain.ops, [0], [chain.values[-1]]), by_rows)


CASES = [chain_case(seed) for seed in range(120)]


def test_against_the_oracle(tmp_path: Path, target: Target) -> None:
    grouped = [case for case in CASES if compile_case(case, "c").program.groups]
    assert len(grouped) > len(CASES) // 4
    assert any(len(group.steps) > 2 for case in grouped for group in compile_case(case, "c").program.groups)
    check(grouped, tmp_path, target)
