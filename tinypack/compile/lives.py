"""Which buffers a program needs, when each is alive, and which may lie over which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tinypack.compile.plan import Buffer, Overlaps
from tinypack.compile.program import Step
from tinypack.graph import Graph, Node
from tinypack.ops import OPS
from tinypack.ops.overlap import Apart, Overlap


def is_view(node: Node) -> bool:
    return bool(getattr(OPS[node.op], "VIEW", False))


def homes(graph: Graph) -> dict[int, int]:
    """Map each activation to the tensor whose buffer it lives in: its own, or its source's if it is a view."""
    home = {key: key for key in graph.inputs}
    for node in graph.nodes:
        out = node.outputs[0]
        home[out] = home.get(node.inputs[0], out) if is_view(node) else out
    return home


def activations(graph: Graph, home: Mapping[int, int], alignment: int) -> list[Buffer]:
    """Give the buffers of all activations."""
    first = {home[key]: -1 for key in graph.inputs}
    last = dict(first)
    for step, node in enumerate(graph.nodes):
        for key in (*node.inputs, *node.outputs):
            if key in home:
                first.setdefault(home[key], step)
                last[home[key]] = step
    last |= {home[key]: len(graph.nodes) for key in graph.outputs}
    return [Buffer(root, graph.tensors[root].nbytes, first[root], last[root], alignment) for root in first]


def scratch_key(node: Node) -> int:
    return -1 - node.index  # no tensor's


def scratches(graph: Graph, steps: Sequence[Step], alignment: int) -> list[Buffer]:
    """Give the buffers of working memory, which live for one step."""
    position = {node.index: i for i, node in enumerate(graph.nodes)}
    return [
        Buffer(scratch_key(step.node), step.scratch, at, at, alignment)
        for step in steps
        if step.scratch
        for at in (position[step.node.index],)
    ]


def overlaps(steps: Sequence[Step], home: Mapping[int, int], buffers: Sequence[Buffer]) -> Overlaps:
    """Say which output may lie over which input, where nobody reads the input later."""
    lives = {buffer.key: buffer for buffer in buffers}
    found: dict[tuple[int, int], list[Overlap]] = {}
    for step in steps:
        for call in step.calls:
            out = lives[home[call.output]]
            for position, key in enumerate(call.inputs):
                if isinstance(key, int) and lives[home[key]].last == out.first:
                    # A later call may read what an earlier one has overwritten.
                    allowed = call.overlaps.get(position, Apart()) if len(step.calls) == 1 else Apart()
                    found.setdefault((home[key], out.key), []).append(allowed)
    return found
