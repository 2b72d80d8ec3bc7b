"""The compiled model: kernel calls in order, and where each activation lies in the arena."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tinypack.graph import Graph, Node, Tensor
from tinypack.ops.protocol import Call

if TYPE_CHECKING:
    from tinypack.compile.memory_map import MemoryMap
    from tinypack.compile.row_groups import RowGroup


@dataclass(frozen=True, eq=False)
class Step:
    """One node that computes something. Its output is complete after its last call, unless it goes row by row
    into the next step's."""

    node: Node
    calls: tuple[Call, ...]
    macs: int = 0  # multiply-accumulates that the device computes
    model_macs: int = 0  # of the model's own layer, with the channels that never change

    @property
    def scratch(self) -> int:
        """Bytes of working memory: calls use the same one after another."""
        return max((call.scratch for call in self.calls), default=0)


@dataclass(frozen=True, eq=False)
class Program:
    graph: Graph
    steps: tuple[Step, ...]
    offsets: Mapping[int, int]  # tensor key -> byte offset in the arena; views have their source's
    scratch: Mapping[int, int]  # node index -> byte offset in the arena of its calls' working memory
    groups: tuple[RowGroup, ...]  # steps that run row by row; their working memory is their last node's
    arena_bytes: int
    alignment: int  # bytes: what the arena's widest elements need
    live_bytes: int  # of activations alive at the worst step, if none lay over another
    memory: MemoryMap  # the same plan, for people
    lower_bound: int  # bytes: no plan without other kernels can be smaller

    @property
    def kernels(self) -> tuple[str, ...]:
        """Names of the kernels that are called, sorted."""
        return tuple(sorted({call.kernel for step in self.steps for call in step.calls}))

    @property
    def whole_steps(self) -> tuple[Step, ...]:
        """Steps whose outputs stand in the arena as a whole."""
        return tuple(step for step in self.steps if step.node.outputs[0] in self.offsets)

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return tuple(self.graph.tensors[key] for key in self.graph.inputs)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return tuple(self.graph.tensors[key] for key in self.graph.outputs)
