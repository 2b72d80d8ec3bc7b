"""What an operator module offers, and what its `lower` returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from tinypack.graph import Graph, Node
from tinypack.ops.overlap import Overlap
from tinypack.ops.row_stages import RowStage

#: Looks at a node; returns what it found wrong, or None. Its docstring is the rule the user reads.
Constraint = Callable[[Node, Graph], "str | None"]


@dataclass(frozen=True, eq=False)
class Table:
    """A constant array in flash. `ctype` is a C element type such as "int8_t".

    AVR reads flash by instructions of its own: only a table that its kernel reads through tp_flash_*() may be
    `program_memory`; any other is copied to RAM there.
    """

    ctype: str
    values: np.ndarray
    program_memory: bool = False


#: A kernel parameter: a number, a float literal, or a pointer to a table (None: a null pointer).
Param = int | float | Table | None


@dataclass(frozen=True, eq=False)
class Call:
    """One kernel call: `tp_<kernel>(&params, inputs..., output)`, and `scratch` at the end where it wants some.

    `params` are the fields of `tp_<kernel>_t` in order: (name, value).
    `inputs` are tensor keys (activations) or Tables (constants). `output` is a tensor key.
    `scratch` is how many bytes of working memory the kernel gets from the arena, for this call only.
    `overlaps` says for positions of `inputs` how the output may lie over them, where the call is its node's only one;
    it must hold for every variant of the kernel. Over the others it never lies.
    `rows` says how the kernel computes single rows of an image, if it can.
    `faster` does the same with more scratch memory, and is taken where the arena has room; it may have a faster one.
    """

    kernel: str
    params: tuple[tuple[str, Param], ...]
    inputs: tuple[int | Table, ...]
    output: int
    scratch: int = 0
    overlaps: Mapping[int, Overlap] = field(default_factory=dict)
    rows: RowStage | None = None
    faster: Call | None = None

    @property
    def ways(self) -> Sequence[Call]:
        """This call and those that do the same, each faster than the one before."""
        return (self, *(self.faster.ways if self.faster else ()))


def faster_and_faster(calls: Sequence[Call]) -> Call:
    """Chain calls that do the same, each faster than the one before."""
    chain: Call | None = None
    for call in reversed(calls):
        chain = replace(call, faster=chain)
    assert chain
    return chain


class Operator(Protocol):
    """An operator module. Optional attributes have the defaults given here.

    NAME          the key in OPS, such as "CONV_2D"
    BRIEF         one line for docs/operators.md
    CONSTRAINTS   every one is checked, all findings are reported
    VIEW          True: output is input 0 under another shape; no code, no buffer
    fold          (node, graph) -> the output's data where the inputs are constants; it must hold for every such node
    FOLD_ONLY     True: there is no kernel, so `fold` must apply
    """

    NAME: str
    BRIEF: str
    CONSTRAINTS: tuple[Constraint, ...]

    def output_shape(self, node: Node, graph: Graph) -> tuple[int, ...]:
        """Shape of output 0 computed from the inputs; ValueError(reason) if they can't go together."""

    def lower(self, node: Node, graph: Graph) -> tuple[Call, ...]:
        """Kernel calls that compute the node. Constraints hold when it is called."""

    def macs(self, node: Node, graph: Graph) -> int:
        """Multiply-accumulates (0 where the operator multiplies nothing)."""
