"""The model as tinypack sees it, whatever file it came from. Frozen: a pass returns a new Graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any

import numpy as np

from tinypack.errors import Problem, TinypackError

#: Element types: name in the graph -> (NumPy type, C type).
DTYPES: dict[str, tuple[type[np.generic], str]] = {
    "int8": (np.int8, "int8_t"),
    "uint8": (np.uint8, "uint8_t"),
    "int16": (np.int16, "int16_t"),
    "int32": (np.int32, "int32_t"),
    "int64": (np.int64, "int64_t"),
    "float32": (np.float32, "float"),
    "bool": (np.bool_, "uint8_t"),
}


@dataclass(frozen=True)
class Quantization:
    """real = scale * (quantised - zero_point); one entry, or one per index along `axis`."""

    scales: tuple[float, ...]  # each exactly a float32
    zero_points: tuple[int, ...]
    axis: int = 0

    @property
    def scale(self) -> float:
        """The scale of a per-tensor quantisation."""
        return self.scales[0]

    @property
    def zero_point(self) -> int:
        """The zero point of a per-tensor quantisation."""
        return self.zero_points[0]

    @property
    def per_channel(self) -> bool:
        return len(self.scales) > 1


@dataclass(frozen=True, eq=False)
class Tensor:
    index: int  # position in the source file: what the oracle calls it
    name: str
    shape: tuple[int, ...]
    dtype: str  # a key of DTYPES, or a type that the compiler refuses
    quantization: Quantization | None = None
    data: np.ndarray | None = None  # constants only
    channels: tuple[int, ...] | None = None  # indices of the source file's last dimension that are left; None: all

    @property
    def elements(self) -> int:
        return prod(self.shape)

    @property
    def itemsize(self) -> int:
        """Bytes of an element."""
        return np.dtype(DTYPES[self.dtype][0]).itemsize

    @property
    def nbytes(self) -> int:
        return self.elements * self.itemsize

    @property
    def ctype(self) -> str:
        return DTYPES[self.dtype][1]

    @property
    def is_constant(self) -> bool:
        return self.data is not None

    def part_of(self, whole: np.ndarray) -> np.ndarray:
        """Give what this tensor holds of the source file's: its channels, in its shape."""
        if self.channels is None:
            return whole.reshape(self.shape)
        rows = whole.reshape(self.elements // len(self.channels), -1)
        part: np.ndarray = rows[:, self.channels].reshape(self.shape)
        return part


@dataclass(frozen=True, eq=False)
class Node:
    index: int  # position in the source file
    op: str  # a key of tinypack.ops.OPS, such as "CONV_2D"
    inputs: tuple[int, ...]  # keys of Graph.tensors; -1 where an optional input is absent
    outputs: tuple[int, ...]
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Graph:
    """Nodes in execution order over tensors that are keyed by their index in the source file."""

    name: str
    tensors: Mapping[int, Tensor]
    nodes: tuple[Node, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    first: int = 0  # position in the source file of the first node: those before are no part of the graph
    optimise: str = "balanced"  # what kernels are chosen for: "speed", "balanced" or "size"
    unsupported: tuple[Problem, ...] = ()  # what the source file has and a Graph can't say: the compiler refuses it

    def input(self, node: Node, position: int) -> Tensor | None:
        """The node's input tensor at a position, or None where it is absent."""
        if position >= len(node.inputs) or node.inputs[position] < 0:
            return None
        return self.tensors[node.inputs[position]]

    def operand(self, node: Node, position: int) -> Tensor:
        """The node's input tensor at a position that must be there.

        Raises: TinypackError (bad-model) if it is absent
        """
        tensor = self.input(node, position)
        if tensor is None:
            rule = f"the operator needs at least {position + 1} inputs"
            raise TinypackError.one("bad-model", self.describe(node), rule, f"input {position} is absent")
        return tensor

    def output(self, node: Node, position: int = 0) -> Tensor:
        return self.tensors[node.outputs[position]]

    def describe(self, node: Node) -> str:
        """How messages and C comments call a node: index, operator, output tensor."""
        name = f' "{self.output(node).name}"' if node.outputs else ""
        return f"node {node.index} {node.op}{name}"

    def with_nodes(self, nodes: tuple[Node, ...], tensors: Mapping[int, Tensor] | None = None) -> Graph:
        return replace(self, nodes=nodes, tensors=self.tensors if tensors is None else tensors)
