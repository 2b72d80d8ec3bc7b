"""STRIDED_SLICE: a part of a tensor, as exporters use it to compute the shape of a RESHAPE."""

from __future__ import annotations

import numpy as np

from tinypack.graph import Graph, Node
from tinypack.ops.no_code import lower, macs, one_type

__all__ = ["BRIEF", "CONSTRAINTS", "FOLD_ONLY", "NAME", "fold", "lower", "macs", "output_shape"]

NAME = "STRIDED_SLICE"
BRIEF = "Computed at build time, of constants and shapes only."
FOLD_ONLY = True


def constant_bounds(node: Node, graph: Graph) -> str | None:
    """begin, end and strides must be constant int32, one a dimension, and no stride 0"""
    rank = len(graph.operand(node, 0).shape)
    bounds = [graph.operand(node, i) for i in (1, 2, 3)]
    for bound in bounds:
        if bound.data is None or bound.dtype != "int32" or bound.shape != (rank,):
            return f"{'' if bound.is_constant else 'computed '}{bound.dtype} {list(bound.shape)} for {rank} dimensions"
    strides = bounds[2].data
    return None if strides is None or strides.all() else f"strides {strides.tolist()}"


def plain_masks(node: Node, graph: Graph) -> str | None:
    """ellipsis_mask and new_axis_mask must be 0"""
    found = (node.options["ellipsis_mask"], node.options["new_axis_mask"])
    return None if found == (0, 0) else f"{found[0]} and {found[1]}"


CONSTRAINTS = (one_type, constant_bounds, plain_masks)


def _slices(node: Node, graph: Graph) -> list[slice]:
    bounds = [tensor.data.tolist() for i in (1, 2, 3) if (tensor := graph.operand(node, i)).data is not None]
    begin_mask, end_mask = node.options["begin_mask"], node.options["end_mask"]
    return [
        slice(None if begin_mask >> axis & 1 else begin, None if end_mask >> axis & 1 else end, stride)
        for axis, (begin, end, stride) in enumerate(zip(*bounds, strict=True))
    ]


def _index(node: Node, graph: Graph) -> tuple[slice | int, ...]:
    """What to take along each dimension: a slice, or one index where the dimension is dropped."""
    index: list[slice | int] = []
    for axis, (part, extent) in enumerate(zip(_slices(node, graph), graph.operand(node, 0).shape, strict=True)):
        start = part.indices(extent)[0]
        dropped = node.options["shrink_axis_mask"] >> axis & 1
        if dropped and not 0 <= start < extent:
            raise ValueError(f"index {part.start} of dimension {axis} with extent {extent}")
        index.append(start if dropped else part)
    return tuple(index)


def output_shape(node: Node, graph: Graph) -> tuple[int, ...]:
    parts = zip(_index(node, graph), graph.operand(node, 0).shape, strict=True)
    return tuple(len(range(*part.indices(extent))) for part, extent in parts if isinstance(part, slice))


def fold(node: Node, graph: Graph) -> np.ndarray:
    data = graph.operand(node, 0).data
    assert data is not None
    return np.asarray(data[_index(node, graph)])
