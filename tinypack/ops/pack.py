"""PACK: stack tensors, as exporters use it to compute the shape of a RESHAPE."""

from __future__ import annotations

import numpy as np

from tinypack.graph import Graph, Node
from tinypack.ops.no_code import lower, macs, one_type

__all__ = ["BRIEF", "CONSTRAINTS", "FOLD_ONLY", "NAME", "fold", "lower", "macs", "output_shape"]

NAME = "PACK"
BRIEF = "Computed at build time, of constants and shapes only."
FOLD_ONLY = True


def equal_inputs(node: Node, graph: Graph) -> str | None:
    """there must be values_count inputs, all of the same shape and type"""
    tensors = [graph.operand(node, i) for i in range(len(node.inputs))]
    if len(tensors) != node.options["values_count"]:
        return f"{len(tensors)} inputs, values_count {node.options['values_count']}"
    kinds = {(tensor.dtype, tensor.shape) for tensor in tensors}
    return None if len(kinds) == 1 else ", ".join(sorted(f"{dtype} {list(shape)}" for dtype, shape in kinds))


CONSTRAINTS = (one_type, equal_inputs)


def output_shape(node: Node, graph: Graph) -> tuple[int, ...]:
    shape, axis = graph.operand(node, 0).shape, int(node.options["axis"])
    rank = len(shape) + 1
    if not -rank <= axis < rank:
        raise ValueError(f"axis {axis} of {rank} dimensions")
    return (*shape[: axis % rank], len(node.inputs), *shape[axis % rank :])


def fold(node: Node, graph: Graph) -> np.ndarray:
    arrays = [tensor.data for i in range(len(node.inputs)) if (tensor := graph.operand(node, i)).data is not None]
    return np.stack(arrays, axis=int(node.options["axis"]))
