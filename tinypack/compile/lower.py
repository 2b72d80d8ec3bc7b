"""Graph to Program: kernel calls and arena offsets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tinypack.compile.arena import plan_arena
from tinypack.compile.check import check
from tinypack.compile.lives import is_view
from tinypack.compile.passes import optimise, used_tensors
from tinypack.compile.program import Program, Step
from tinypack.compile.room import take_room
from tinypack.errors import Problem, TinypackError
from tinypack.graph import Graph
from tinypack.ops import OPS
from tinypack.ops.arithmetic import ScaleRatioError
from tinypack.ops.elementwise import source
from tinypack.ops.protocol import Call

GROWTH = {"speed": 50, "balanced": 12, "size": 0}  # percent of the arena that faster calls may take besides


@dataclass(frozen=True)
class Options:
    """What a user may choose."""

    optimise: str = "balanced"  # "speed": the arena may grow more; "size": of code, by kernels that serve any layer
    save_ram: bool = False  # row by row, where that makes the arena smaller


def compile_graph(graph: Graph, options: Options = Options()) -> Program:
    """Check, optimise, lower and plan a model.

    Raises: TinypackError with every reason why it can't be compiled
    """
    program = plan_arena(*lower_graph(graph, options), options.save_ram)
    growth = 0 if options.save_ram else GROWTH[options.optimise]
    return take_room(program, program.arena_bytes * (100 + growth) // 100)


def lower_graph(graph: Graph, options: Options = Options()) -> tuple[Graph, tuple[Step, ...]]:
    """Check, optimise and lower a model.

    Raises: TinypackError with every reason why it can't be compiled
    """
    check(graph)
    model_macs = {node.index: OPS[node.op].macs(node, graph) for node in graph.nodes}
    graph = optimise(graph)
    graph = replace(graph, tensors=used_tensors(graph), optimise=options.optimise)
    return graph, _lower(graph, model_macs)


def _lower(graph: Graph, model_macs: Mapping[int, int]) -> tuple[Step, ...]:
    steps: list[Step] = []
    problems: list[Problem] = []
    for node in graph.nodes:
        try:
            if not is_view(node):
                calls = tuple(_with_tables(call, graph) for call in OPS[node.op].lower(node, graph))
                steps.append(Step(node, calls, OPS[node.op].macs(node, graph), model_macs[node.index]))
        except ScaleRatioError as found:
            rule = "ratios of scales must fit 32 bits"
            problems.append(Problem("bad-quantization", graph.describe(node), rule, str(found)))
    if problems:
        raise TinypackError(problems)
    return tuple(steps)


def _with_tables(call: Call, graph: Graph) -> Call:
    """Let a call read constant tensors from flash: they have no place in the arena."""
    return replace(call, inputs=tuple(source(graph.tensors[x]) if isinstance(x, int) else x for x in call.inputs))
