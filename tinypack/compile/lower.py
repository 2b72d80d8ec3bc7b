"""Graph to Program: kernel calls and arena offsets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tinypack.compile.check import check
from tinypack.compile.lives import activations, homes, is_view, overlaps, scratch_key, scratches
from tinypack.compile.memory_map import memory_map
from tinypack.compile.passes import optimise, used_tensors
from tinypack.compile.plan import ALIGNMENT, lower_bound, plan
from tinypack.compile.program import Program, Step
from tinypack.compile.row_groups import RowGroup, grouped, row_groups
from tinypack.errors import Problem, TinypackError
from tinypack.graph import Graph
from tinypack.ops import OPS
from tinypack.ops.arithmetic import ScaleRatioError
from tinypack.ops.elementwise import source
from tinypack.ops.protocol import Call


@dataclass(frozen=True)
class Options:
    """What a user may choose."""

    save_ram: bool = False  # row by row, where that makes the arena smaller


def compile_graph(graph: Graph, options: Options = Options()) -> Program:
    """Check, optimise, lower and plan a model.

    Raises: TinypackError with every reason why it can't be compiled
    """
    check(graph)
    graph = optimise(graph)
    graph = graph.with_nodes(graph.nodes, used_tensors(graph))
    steps = _lower(graph)
    program = _planned(graph, steps, ())
    return _with_less_ram(program) if options.save_ram else program


def _planned(graph: Graph, steps: tuple[Step, ...], groups: Sequence[RowGroup]) -> Program:
    seen, seen_steps = grouped(graph, steps, groups)
    home = homes(seen)
    alignment = _alignment(graph)
    values = activations(seen, home, alignment)
    buffers = [*values, *scratches(seen, seen_steps, alignment)]
    allowed = overlaps(seen_steps, home, values)
    offsets, size = plan(buffers, allowed)
    return Program(
        graph=graph,
        steps=steps,
        offsets={key: offsets[root] for key, root in home.items()},
        scratch={step.node.index: offsets[scratch_key(step.node)] for step in seen_steps if step.scratch},
        groups=tuple(groups),
        arena_bytes=max(size, alignment),
        alignment=alignment,
        live_bytes=lower_bound(values),
        memory=memory_map(seen, groups, buffers, offsets, home),
        lower_bound=lower_bound(buffers, allowed),
    )


def _alignment(graph: Graph) -> int:
    return max([ALIGNMENT, *(graph.tensors[key].itemsize for key in homes(graph))])


def _with_less_ram(program: Program) -> Program:
    """Let steps run row by row, a group at a time, as long as the arena becomes smaller."""
    possible = row_groups(program.graph, program.steps, program.alignment)
    while True:
        taken = {step.node.index for group in program.groups for step in group.steps}
        free = [group for group in possible if not taken & {step.node.index for step in group.steps}]
        plans = [_planned(program.graph, program.steps, (*program.groups, group)) for group in free]
        best = min(plans, key=lambda plan: plan.arena_bytes, default=program)
        if best.arena_bytes >= program.arena_bytes:
            return program
        program = best


def _lower(graph: Graph) -> tuple[Step, ...]:
    steps: list[Step] = []
    problems: list[Problem] = []
    for node in graph.nodes:
        try:
            if not is_view(node):
                steps.append(Step(node, tuple(_with_tables(call, graph) for call in OPS[node.op].lower(node, graph))))
        except ScaleRatioError as found:
            rule = "ratios of scales must fit 32 bits"
            problems.append(Problem("bad-quantization", graph.describe(node), rule, str(found)))
    if problems:
        raise TinypackError(problems)
    return tuple(steps)


def _with_tables(call: Call, graph: Graph) -> Call:
    """Let a call read constant tensors from flash: they have no place in the arena."""
    return replace(call, inputs=tuple(source(graph.tensors[x]) if isinstance(x, int) else x for x in call.inputs))
