"""From steps to a planned arena; with row groups where RAM is to be saved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from tinypack.compile.lives import activations, homes, overlaps, scratch_key, scratches
from tinypack.compile.memory_map import memory_map
from tinypack.compile.plan import ALIGNMENT, Buffer, Overlaps, lower_bound, plan
from tinypack.compile.program import Program, Step
from tinypack.compile.row_groups import RowGroup, grouped, row_groups
from tinypack.graph import Graph

MOST_PLANS = 16  # of one model: each may take half a second; those that are known need 3
MOST_LOOKS = 400_000  # at steps and rows, to find which group is worth a plan


@dataclass(frozen=True, eq=False)
class Layout:
    """What needs room in the arena, and when."""

    graph: Graph
    steps: tuple[Step, ...]
    groups: tuple[RowGroup, ...]

    @cached_property
    def _seen(self) -> tuple[Graph, tuple[Step, ...]]:
        """The model with one step in the place of each group."""
        return grouped(self.graph, self.steps, self.groups)

    @cached_property
    def _home(self) -> dict[int, int]:
        return homes(self._seen[0])

    @cached_property
    def alignment(self) -> int:
        """Bytes: what the widest elements need."""
        return max([ALIGNMENT, *(self.graph.tensors[key].itemsize for key in homes(self.graph))])

    @cached_property
    def _values(self) -> list[Buffer]:
        return activations(self._seen[0], self._home, self.alignment)

    @cached_property
    def _buffers(self) -> list[Buffer]:
        return [*self._values, *scratches(*self._seen, self.alignment)]

    @cached_property
    def _allowed(self) -> Overlaps:
        return overlaps(self._seen[1], self._home, self._values)

    @cached_property
    def lower_bound(self) -> int:
        """Bytes that no plan is below."""
        return lower_bound(self._buffers, self._allowed)

    def planned(self) -> Program:
        """Give each buffer its place."""
        offsets, size = plan(self._buffers, self._allowed)
        graph, steps = self._seen
        return Program(
            graph=self.graph,
            steps=self.steps,
            offsets={key: offsets[root] for key, root in self._home.items()},
            scratch={step.node.index: offsets[scratch_key(step.node)] for step in steps if step.scratch},
            groups=self.groups,
            arena_bytes=max(size, self.alignment),
            alignment=self.alignment,
            live_bytes=lower_bound(self._values),
            memory=memory_map(graph, self.groups, self._buffers, offsets, self._home),
            lower_bound=self.lower_bound,
        )


def plan_arena(graph: Graph, steps: tuple[Step, ...], save_ram: bool) -> Program:
    """Plan the arena; to save RAM, let steps run row by row, a group at a time, as long as it becomes smaller."""
    layout = Layout(graph, steps, ())
    program = layout.planned()
    possible = row_groups(graph, steps, layout.alignment) if save_ram else []
    rows = max((stage.out_rows for group in possible for stage in group.stages), default=0)
    looks, plans = iter(range(MOST_LOOKS // (len(steps) + rows + 1))), iter(range(MOST_PLANS))
    while better := _smaller(program, possible, looks, plans):
        program = better
    return program


def _smaller(
    program: Program, possible: Sequence[RowGroup], looks: Iterator[int], plans: Iterator[int]
) -> Program | None:
    """Find the one group more that makes the arena smallest, of equal ones the shortest."""
    taken = {step.node.index for group in program.groups for step in group.steps}
    free = [group for group in possible if not taken & {step.node.index for step in group.steps}]
    layouts = [
        Layout(program.graph, program.steps, (*program.groups, group)) for group, _ in zip(free, looks, strict=False)
    ]
    best = None
    for layout in sorted(layouts, key=lambda layout: (layout.lower_bound, len(layout.groups[-1].steps))):
        # Planning takes long: only what can be smaller is planned.
        if layout.lower_bound >= (best or program).arena_bytes or next(plans, None) is None:
            break
        found = layout.planned()
        if found.arena_bytes < (best or program).arena_bytes:
            best = found
    return best
