"""Graphs made by hand, for tests of the compiler that need no file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tinypack.graph import DTYPES, Graph, Node, Quantization, Tensor

HALF = Quantization((0.5,), (0,))
QUARTER = Quantization((0.25,), (0,))
#: Options of operators that tests use without caring for them.
OPTIONS: dict[str, Mapping[str, Any]] = {
    "FULLY_CONNECTED": {"activation": "NONE", "weights_format": "DEFAULT", "keep_num_dims": False},
    "CONV_2D": {
        "activation": "NONE",
        "padding": "VALID",
        "stride_h": 1,
        "stride_w": 1,
        "dilation_h": 1,
        "dilation_w": 1,
    },
    "ADD": {"activation": "NONE"},
    "MUL": {"activation": "NONE"},
    "CONCATENATION": {"activation": "NONE", "axis": -1},
    "STRIDED_SLICE": {
        "begin_mask": 0,
        "end_mask": 0,
        "ellipsis_mask": 0,
        "new_axis_mask": 0,
        "shrink_axis_mask": 0,
    },
}


def tensor(shape: Sequence[int], q: Quantization | None = HALF, dtype: str = "int8", name: str = "") -> Tensor:
    """Make an activation; `make_graph` gives it its index."""
    return Tensor(-1, name, tuple(shape), dtype, q)


def constant(values: Any, dtype: str = "int32", q: Quantization | None = None) -> Tensor:
    data = np.asarray(values, DTYPES[dtype][0])
    return Tensor(-1, "", data.shape, dtype, q, data)


def node(op: str, inputs: Sequence[int], output: int, **options: Any) -> Node:
    """Make a node; `make_graph` gives it its index."""
    return Node(-1, op, tuple(inputs), (output,), {**OPTIONS.get(op, {}), **options})


def make_graph(
    tensors: Sequence[Tensor], nodes: Sequence[Node], outputs: Sequence[int], inputs: Sequence[int] = (0,)
) -> Graph:
    """Number tensors and nodes by their places."""
    keyed = {i: Tensor(i, t.name or f"t{i}", t.shape, t.dtype, t.quantization, t.data) for i, t in enumerate(tensors)}
    numbered = tuple(Node(i, n.op, n.inputs, n.outputs, n.options) for i, n in enumerate(nodes))
    return Graph("hand-made", keyed, numbered, tuple(inputs), tuple(outputs))
