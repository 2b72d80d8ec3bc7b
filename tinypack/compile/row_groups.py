"""Layers that run row by row: the tensors between them never stand as a whole, only the rows that are still needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from tinypack.compile.program import Step
from tinypack.graph import Graph, Node
from tinypack.ops.overlap import Overlap, slide
from tinypack.ops.protocol import Call
from tinypack.ops.row_stages import RowStage

MOST_LAYERS = 4  # of a group


@dataclass(frozen=True, eq=False)
class RowGroup:
    """Steps that run as one. Its working memory: rows of each tensor between them, then what the kernels want."""

    steps: tuple[Step, ...]
    row_bytes: tuple[int, ...]  # of each step's output
    alignment: int

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        return tuple(step.calls[0] for step in self.steps)

    @cached_property
    def stages(self) -> tuple[RowStage, ...]:
        return tuple(call.rows for call in self.calls if call.rows)

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """Where each tensor's rows begin in the working memory, and at last the kernels' own."""
        offsets = [0]
        for stage, row in zip(self.stages[1:], self.row_bytes, strict=False):
            most = max(end - first for first, end in map(stage.window, range(stage.out_rows)))
            offsets.append(offsets[-1] + -(-most * row // self.alignment) * self.alignment)
        return tuple(offsets)

    @property
    def scratch(self) -> int:
        return self.offsets[-1] + max(call.scratch for call in self.calls)

    def schedule(self) -> Iterator[tuple[int, int]]:
        """Give stage and output row of each call in the order of execution."""
        done = [0] * len(self.stages)

        def produce(stage: int, row: int) -> Iterator[tuple[int, int]]:
            while stage and done[stage - 1] < self.stages[stage].window(row)[1]:
                yield from produce(stage - 1, done[stage - 1])
            done[stage] = row + 1
            yield stage, row

        for row in range(self.stages[-1].out_rows):
            yield from produce(len(self.stages) - 1, row)

    def as_step(self, graph: Graph) -> Step:
        """Make one step of it: what the memory plan sees."""
        outside = dict.fromkeys(key for key, _, _ in self._reads(graph))
        call = replace(
            self.calls[-1],
            inputs=tuple(outside),
            scratch=self.scratch,
            overlaps={i: self._overlap(key, graph) for i, key in enumerate(outside)},
            rows=None,
        )
        return Step(replace(self.steps[-1].node, inputs=tuple(outside)), (call,))

    def _reads(self, graph: Graph) -> Iterator[tuple[int, int, int]]:
        """Give tensors from outside, bytes of output that are written before, and the lowest byte that is read."""
        inner = {call.output for call in self.calls}
        last = len(self.stages) - 1
        written = 0
        for stage, row in self.schedule():
            first = self.stages[stage].window(row)[0]
            for key in self.calls[stage].inputs:
                if isinstance(key, int) and key not in inner:
                    row_bytes = graph.tensors[key].nbytes // self.stages[stage].in_rows
                    yield key, written, first * row_bytes
            written += self.row_bytes[stage] if stage == last else 0

    def _overlap(self, key: int, graph: Graph) -> Overlap:
        reads = [(written, low) for found, written, low in self._reads(graph) if found == key]
        return slide([written for written, _ in reads], [low for _, low in reads])


def row_groups(graph: Graph, steps: Sequence[Step], alignment: int) -> list[RowGroup]:
    """Give all groups that are possible: neighbours of which each alone reads what the one before it writes."""
    readers = Counter(key for node in graph.nodes for key in node.inputs) + Counter(graph.outputs)
    position = {node.index: i for i, node in enumerate(graph.nodes)}

    def follows(step: Step, before: Step) -> bool:
        output = before.node.outputs[0]
        call, earlier = step.calls[0], before.calls[0]
        if not (call.rows and earlier.rows) or len(step.calls) + len(before.calls) > 2 or readers[output] != 1:
            return False
        # The kernel takes rows of input 0; both inputs of a sum are alike.
        at_once = position[step.node.index] == position[before.node.index] + 1
        return (
            at_once
            and call.inputs.count(output) == 1
            and earlier.rows.out_rows == call.rows.in_rows
            and _slides(call.rows)
        )

    groups = []
    for begin in range(len(steps)):
        for end in range(begin + 1, min(begin + MOST_LAYERS, len(steps))):
            if not follows(steps[end], steps[end - 1]):
                break
            members = tuple(steps[begin : end + 1])
            rows = tuple(
                graph.tensors[step.calls[0].output].nbytes // step.calls[0].rows.out_rows
                for step in members
                if step.calls[0].rows
            )
            groups.append(RowGroup(members, rows, alignment))
    return groups


def _slides(stage: RowStage) -> bool:
    """Say whether each window holds rows, and begins at or before the end of the one before it."""
    windows = [stage.window(row) for row in range(stage.out_rows)]
    return all(first < end for first, end in windows) and all(
        following[0] <= before[1] for before, following in pairwise(windows)
    )


def grouped(graph: Graph, steps: Sequence[Step], groups: Sequence[RowGroup]) -> tuple[Graph, tuple[Step, ...]]:
    """Put one step and one node in the place of each group's."""
    last = {group.steps[-1].node.index: group for group in groups}
    gone = {step.node.index for group in groups for step in group.steps[:-1]}
    nodes: list[Node] = []
    found: list[Step] = []
    by_index = {step.node.index: step for step in steps}
    for node in graph.nodes:
        if node.index in gone:
            continue
        step = last[node.index].as_step(graph) if node.index in last else by_index.get(node.index)
        nodes.append(step.node if node.index in last and step else node)
        if step:
            found.append(step)
    return graph.with_nodes(tuple(nodes), graph.tensors), tuple(found)
