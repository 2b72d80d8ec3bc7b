"""Graph to Program: kernel calls and arena offsets."""

from __future__ import annotations

from dataclasses import replace

from tinypack.compile.check import check
from tinypack.compile.lives import activations, homes, is_view, overlaps, scratch_key, scratches
from tinypack.compile.passes import optimise, used_tensors
from tinypack.compile.plan import ALIGNMENT, lower_bound, plan
from tinypack.compile.program import Program, Step
from tinypack.errors import Problem, TinypackError
from tinypack.graph import Graph
from tinypack.ops import OPS
from tinypack.ops.arithmetic import ScaleRatioError
from tinypack.ops.elementwise import source
from tinypack.ops.protocol import Call


def compile_graph(graph: Graph) -> Program:
    """Check, optimise, lower and plan a model.

    Raises: TinypackError with every reason why it can't be compiled
    """
    check(graph)
    graph = optimise(graph)
    graph = graph.with_nodes(graph.nodes, used_tensors(graph))
    home = homes(graph)
    alignment = max([ALIGNMENT, *(graph.tensors[key].itemsize for key in home)])
    steps = _lower(graph)
    values = activations(graph, home, alignment)
    buffers = [*values, *scratches(graph, steps, alignment)]
    allowed = overlaps(steps, home, values)
    offsets, size = plan(buffers, allowed)
    return Program(
        graph=graph,
        steps=steps,
        offsets={key: offsets[root] for key, root in home.items()},
        scratch={step.node.index: offsets[scratch_key(step.node)] for step in steps if step.scratch},
        arena_bytes=max(size, alignment),
        alignment=alignment,
        live_bytes=lower_bound(values),
        lower_bound=lower_bound(buffers, allowed),
    )


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
