"""SHAPE: a tensor's shape, as exporters use it to compute the shape of a RESHAPE."""

from __future__ import annotations

import numpy as np

from tinypack.graph import Graph, Node
from tinypack.ops.no_code import lower, macs

__all__ = ["BRIEF", "CONSTRAINTS", "FOLD_ONLY", "NAME", "fold", "lower", "macs", "output_shape"]

NAME = "SHAPE"
BRIEF = "Computed at build time."
FOLD_ONLY = True


def int32_output(node: Node, graph: Graph) -> str | None:
    """the output must be int32"""
    dtype = graph.output(node).dtype
    return None if dtype == "int32" else dtype


CONSTRAINTS = (int32_output,)


def output_shape(node: Node, graph: Graph) -> tuple[int, ...]:
    return (len(graph.operand(node, 0).shape),)


def fold(node: Node, graph: Graph) -> np.ndarray:
    return np.array(graph.operand(node, 0).shape, np.int32)
