"""CONCATENATION: join tensors along one dimension."""

from __future__ import annotations

from math import prod

from tinypack.graph import Graph, Node, Tensor
from tinypack.ops import constraints as c
from tinypack.ops.elementwise import no_macs, source
from tinypack.ops.protocol import Call

__all__ = ["BRIEF", "CONSTRAINTS", "NAME", "lower", "macs", "output_shape"]

NAME = "CONCATENATION"
BRIEF = "Any dimension, any number of inputs up to 10."
MOST_INPUTS = 10  # of TensorFlow Lite Micro

macs = no_macs


def no_activation(node: Node, graph: Graph) -> str | None:
    """there must be no fused activation"""
    activation = node.options["activation"]
    return None if activation == "NONE" else str(activation)


def few_inputs(node: Node, graph: Graph) -> str | None:
    """there must be 1 to 10 inputs"""
    return None if 1 <= len(node.inputs) <= MOST_INPUTS else str(len(node.inputs))


def equal_inputs(node: Node, graph: Graph) -> str | None:
    """all inputs must be int8 with the output's scale and zero point"""
    want = graph.output(node)
    wrong = [i for i, x in enumerate(_inputs(node, graph)) if (x.dtype, _scaling(x)) != (want.dtype, _scaling(want))]
    return f"inputs {', '.join(map(str, wrong))} differ" if wrong else None


CONSTRAINTS = (c.int8_output, no_activation, few_inputs, equal_inputs)


def _inputs(node: Node, graph: Graph) -> list[Tensor]:
    return [graph.operand(node, i) for i in range(len(node.inputs))]


def _scaling(tensor: Tensor) -> tuple[tuple[float, ...], tuple[int, ...]] | None:
    q = tensor.quantization
    return (q.scales, q.zero_points) if q else None


def _axis(node: Node, graph: Graph) -> int:
    rank = len(graph.operand(node, 0).shape)
    axis = int(node.options["axis"])
    if not -rank <= axis < rank:
        raise ValueError(f"axis {axis} of {rank} dimensions")
    return axis % rank


def output_shape(node: Node, graph: Graph) -> tuple[int, ...]:
    axis, shapes = _axis(node, graph), [x.shape for x in _inputs(node, graph)]
    before, after = shapes[0][:axis], shapes[0][axis + 1 :]
    for shape in shapes:
        if len(shape) != len(shapes[0]) or (shape[:axis], shape[axis + 1 :]) != (before, after):
            raise ValueError(f"{list(shape)} and {list(shapes[0])} along axis {axis}")
    return (*before, sum(shape[axis] for shape in shapes), *after)


def lower(node: Node, graph: Graph) -> tuple[Call, ...]:
    """Shapes: inputs [N, Ki] int8 -> output [N, sum of Ki]"""
    axis, y = _axis(node, graph), graph.output(node)
    calls: list[Call] = []
    offset = 0
    for x in _inputs(node, graph):
        row = prod(x.shape[axis:])
        params = (
            ("rows", prod(y.shape[:axis])),
            ("in_row", row),
            ("out_row", prod(y.shape[axis:])),
            ("offset", offset),
        )
        calls.append(Call("concatenation_s8", params, (source(x),), y.index))
        offset += row
    return tuple(calls)
