"""The compiled model: kernel calls in order, and where each activation lies in the arena."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tinypack.graph import Graph, Node, Tensor
from tinypack.ops.protocol import Call


@dataclass(frozen=True, eq=False)
class Step:
    """One materialised node: its output is complete after its last call."""

    node: Node
    calls: tuple[Call, ...]

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
    arena_bytes: int
    alignment: int  # bytes: what the arena's widest elements need
    live_bytes: int  # of activations alive at the worst step, if none lay over another
    lower_bound: int  # bytes: no plan without other kernels can be smaller

    @property
    def kernels(self) -> tuple[str, ...]:
        """Names of the kernels that are called, sorted."""
        return tuple(sorted({call.kernel for step in self.steps for call in step.calls}))

    @property
    def inputs(self) -> tuple[Tensor, ...]:
        return tuple(self.graph.tensors[key] for key in self.graph.inputs)

    @property
    def outputs(self) -> tuple[Tensor, ...]:
        return tuple(self.graph.tensors[key] for key in self.graph.outputs)
