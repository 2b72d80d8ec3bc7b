"""Graph to Program: kernel calls, shared buffers of views and in-place operators, arena offsets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tinypack.compile.check import check
from tinypack.compile.passes import optimise, used_tensors
from tinypack.compile.plan import ALIGNMENT, Buffer, lower_bound, plan
from tinypack.compile.program import Program, Step
from tinypack.errors import Problem, TinypackError
from tinypack.graph import Graph, Node
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
    home = _share_buffers(graph)
    alignment = max([ALIGNMENT, *(graph.tensors[key].itemsize for key in home)])
    steps = _lower(graph)
    buffers = [*_live_ranges(graph, home, alignment), *_scratch(graph, steps, alignment)]
    offsets, size = plan(buffers)
    return Program(
        graph=graph,
        steps=steps,
        offsets={key: offsets[root] for key, root in home.items()},
        scratch={step.node.index: offsets[_scratch_key(step.node)] for step in steps if step.scratch},
        arena_bytes=max(size, alignment),
        alignment=alignment,
        lower_bound=lower_bound(buffers),
    )


def _lower(graph: Graph) -> tuple[Step, ...]:
    steps: list[Step] = []
    problems: list[Problem] = []
    for node in graph.nodes:
        try:
            if not _is_view(node):
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


def _is_view(node: Node) -> bool:
    return bool(getattr(OPS[node.op], "VIEW", False))


def _share_buffers(graph: Graph) -> dict[int, int]:
    """Map each activation to the tensor whose buffer it lives in: its own, its source's if it is a view,
    or that of an input which dies at the node and may be overwritten."""
    home = {key: key for key in graph.inputs}
    sharers = {key: [key] for key in graph.inputs}
    last_read = {key: step for step, node in enumerate(graph.nodes) for key in node.inputs}
    last_read |= dict.fromkeys(graph.outputs, len(graph.nodes))

    def may_overwrite(step: int, key: int, out: int) -> bool:
        same_size = graph.tensors[key].nbytes == graph.tensors[out].nbytes
        return same_size and not _is_read_after(step, sharers[home[key]], last_read)

    for step, node in enumerate(graph.nodes):
        out = node.outputs[0]
        candidates = (0,) if _is_view(node) else getattr(OPS[node.op], "IN_PLACE", ())
        home[out] = out
        for position in candidates:
            key = node.inputs[position]
            if key in home and (_is_view(node) or may_overwrite(step, key, out)):
                home[out] = home[key]
                break
        sharers.setdefault(home[out], []).append(out)
    return home


def _is_read_after(step: int, keys: Sequence[int], last_read: Mapping[int, int]) -> bool:
    return any(last_read.get(key, step) > step for key in keys)


def _scratch_key(node: Node) -> int:
    return -1 - node.index  # no tensor's


def _scratch(graph: Graph, steps: Sequence[Step], alignment: int) -> list[Buffer]:
    """Working memory lives for one step."""
    position = {node.index: i for i, node in enumerate(graph.nodes)}
    return [
        Buffer(_scratch_key(step.node), step.scratch, at, at, alignment)
        for step in steps
        if step.scratch
        for at in (position[step.node.index],)
    ]


def _live_ranges(graph: Graph, home: dict[int, int], alignment: int) -> list[Buffer]:
    end = len(graph.nodes)
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for key in graph.inputs:
        first[home[key]] = last[home[key]] = -1
    for step, node in enumerate(graph.nodes):
        for key in (*node.inputs, *node.outputs):
            if key in home:
                first.setdefault(home[key], step)
                last[home[key]] = step
    for key in graph.outputs:
        last[home[key]] = end
    return [Buffer(root, graph.tensors[root].nbytes, first[root], last[root], alignment) for root in first]
