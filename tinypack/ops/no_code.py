"""What operators share that need no code: views of their input, and those that are computed at build time."""

from __future__ import annotations

import numpy as np

from tinypack.graph import Graph, Node
from tinypack.ops.protocol import Call


def lower(node: Node, graph: Graph) -> tuple[Call, ...]:
    """Give no calls: nothing is left to do on the device."""
    return ()


def macs(node: Node, graph: Graph) -> int:
    return 0


def one_type(node: Node, graph: Graph) -> str | None:
    """input and output must have the same type"""
    x, y = graph.operand(node, 0), graph.output(node)
    return None if x.dtype == y.dtype else f"{x.dtype} and {y.dtype}"


def fold_view(node: Node, graph: Graph) -> np.ndarray:
    """Give input 0 in the output's shape."""
    data = graph.operand(node, 0).data
    assert data is not None
    return data.reshape(graph.output(node).shape)
