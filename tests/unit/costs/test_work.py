from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from tests.support.graphs import constant, make_graph, node, tensor
from tinypack.compile import compile_graph
from tinypack.compile.program import Program
from tinypack.costs.work import DRIVERS, block_work, step_work
from tinypack.features.dct import Dct
from tinypack.features.quantise import Quantise
from tinypack.graph import Quantization
from tinypack.ops import OPS

ONES = Quantization((1.0,), (0,))

#: Input height and width, filter height and width, stride, padding, dilation.
WINDOWS = [
    (5, 5, 3, 3, 1, "SAME", 1),
    (5, 5, 3, 3, 1, "VALID", 1),
    (6, 7, 3, 2, 2, "SAME", 1),
    (7, 7, 3, 3, 1, "SAME", 2),
    (2, 2, 5, 5, 1, "SAME", 1),
    (4, 3, 1, 1, 1, "SAME", 1),
]


def convolution(height: int, width: int, filter_h: int, filter_w: int, **options: Any) -> Program:
    """Make a model of a convolution from 2 channels to 3."""
    weights = constant(np.ones((3, filter_h, filter_w, 2)), "int8", ONES)
    tensors = [tensor((1, height, width, 2)), weights, constant([0, 0, 0]), tensor(())]
    graph = make_graph(tensors, [node("CONV_2D", (0, 1, 2), 3, **options)], (3,))
    shape = OPS["CONV_2D"].output_shape(graph.nodes[0], graph)
    return compile_graph(make_graph([*tensors[:3], tensor(shape)], graph.nodes, (3,)))


@pytest.mark.parametrize(("height", "width", "filter_h", "filter_w", "stride", "padding", "dilation"), WINDOWS)
def test_taps_of_a_window_are_counted_one_by_one(
    height: int, width: int, filter_h: int, filter_w: int, stride: int, padding: str, dilation: int
) -> None:
    options = {"stride_h": stride, "stride_w": stride, "dilation_h": dilation, "dilation_w": dilation}
    program = convolution(height, width, filter_h, filter_w, padding=padding, **options)
    (call,) = program.steps[0].calls
    given = {name: value for name, value in call.params if isinstance(value, int)}
    inside = rows = edge = 0
    for y in range(given["out_h"]):
        for x in range(given["out_w"]):
            ys = [y * stride - given["pad_top"] + i * dilation for i in range(filter_h)]
            xs = [x * stride - given["pad_left"] + i * dilation for i in range(filter_w)]
            ys, xs = [i for i in ys if 0 <= i < height], [i for i in xs if 0 <= i < width]
            inside += len(ys) * len(xs)
            rows += len(ys)
            edge += filter_h * filter_w if (len(ys), len(xs)) != (filter_h, filter_w) else 0
    places = given["out_h"] * given["out_w"]
    (work,) = step_work(program.steps[0], program)
    assert work == {
        "output": places * 3,
        "mac": inside * 3 * 2,
        "row": rows * 3,
        "edge": edge * 3,
        "padding": (places * filter_h * filter_w - inside) * 3 * 2,
    }


def test_calls_of_a_node_share_its_work() -> None:
    tensors = [tensor((1, 4)), tensor((1, 6)), tensor((1, 10))]
    program = compile_graph(make_graph(tensors, [node("CONCATENATION", (0, 1), 2)], (2,), (0, 1)))
    works = step_work(program.steps[0], program)
    assert [(work["input"], work["call"]) for work in works] == [(4, 1), (6, 1)]


def test_a_block_is_counted_by_lengths_and_tables() -> None:
    work = block_work(Dct(np.ones((4, 8), np.int64)))
    assert work == {"table": 32, "output": 4, "input": 8, "level": 24, "call": 1}
    assert work.keys() <= DRIVERS.keys()


@dataclass(frozen=True)
class Laborious(Quantise):
    @property
    def work(self) -> int:
        return 77


def test_a_block_may_say_its_work() -> None:
    assert block_work(Laborious(3, (1,), (0,), (0,))) == {"mac": 77, "output": 3, "call": 1}
