"""Convolutions and dense layers by row blocks: borders, taps that are left over, sums at the limit, weights in RAM."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from tests.kernels.harness import Case, check, compile_case
from tests.kernels.rows import ACTIVATIONS, Random
from tests.kernels.targets import Target
from tests.kernels.test_convolution import Row, padded
from tests.kernels.weighted import layer, options
from tests.support.model_builder import T, single_op
from tinypack.compile import Program, compile_graph
from tinypack.compile.lower import Options
from tinypack.ops.packing import MOST_SUM

ROWS = [
    Row((1, 5, 5, 8), 16, 8, (1, 1)),
    Row((1, 7, 3, 24), 8, 24, (1, 1)),  # odd pixels
    Row((1, 6, 6, 16), 8, 16, (1, 1), (2, 2)),
    Row((1, 6, 7, 16), 12, 16, (3, 3)),
    Row((1, 8, 8, 4), 4, 4, (3, 3), (2, 2)),
    Row((1, 9, 11, 3), 8, 3, (3, 3), (2, 2)),  # the first layer of an image model: rows of nine taps
    Row((1, 9, 10, 1), 8, 1, (3, 3)),  # rows of three, of which the kernel reads four
    Row((1, 12, 10, 1), 4, 1, (10, 4), (2, 2)),
    Row((1, 9, 12, 1), 8, 1, (3, 8), (2, 2)),
    Row((1, 6, 6, 5), 4, 5, (3, 2), padding="VALID"),
    Row((1, 6, 6, 6), 4, 6, (2, 3)),
    Row((1, 5, 1, 8), 4, 8, (3, 3)),  # one column
    Row((1, 1, 9, 8), 4, 8, (3, 3)),
    Row((1, 2, 2, 4), 4, 4, (5, 5)),  # larger than the image
    Row((1, 1, 1, 64), 8, 64, (1, 1)),
    Row((1, 9, 1, 8), 4, 8, (1, 1), (1, 2)),  # strides where there is a single column, or row
    Row((1, 1, 9, 8), 4, 8, (1, 1), (2, 1)),
    Row((1, 4, 5, 8), 68, 8, (3, 3)),
]
#: Input and output elements of dense layers.
DENSE = [(8, 1), (8, 4), (16, 3), (64, 12), (64, 10), (128, 8), (640, 5), (24, 130)]


def convolution(row: Row, number: int, speed: bool = False) -> Case:
    draw = Random(f"{row} {number}")
    weights, y = (row.out_depth, *row.taps, row.group), (1, *row.output, row.out_depth)
    inputs, output = layer(draw, row.size, weights, 0, y, row.taps[0] * row.taps[1] * row.group)
    inputs = [t if t is None or t.data is None or len(t.shape) != 4 else without_least(t) for t in inputs]
    if number % 2:
        output = T(output.shape, scale=output.scale, zero_point=-128)
    chosen = options(draw, row.stride, row.dilation, row.padding)
    compiled = partial(compile_graph, options=Options("speed")) if speed else compile_graph
    return Case(f"{row} {chosen['activation']}", single_op("CONV_2D", inputs, output, chosen), compiled)


def without_least(weights: T) -> T:
    return T(
        weights.shape, weights.dtype, weights.scale, weights.zero_point, weights.axis, np.maximum(weights.data, -127)
    )


def dense(inputs: int, outputs: int, batches: int) -> Case:
    draw = Random(f"{inputs} {outputs} {batches}")
    given, y = layer(draw, (batches, inputs), (outputs, inputs), 0, (batches, outputs), inputs)
    given = [t if t is None or t.data is None or len(t.shape) != 2 else without_least(t) for t in given]
    chosen = {"activation": draw.choice(ACTIVATIONS), "keep_num_dims": False}
    return Case(f"{batches} x {inputs} -> {outputs} {chosen}", single_op("FULLY_CONNECTED", given, y, chosen))


def limit(op: str, weight: int, over: int) -> Case:
    """A channel whose least sum is that which row blocks just hold, or just don't."""
    taps = 512
    bias = MOST_SUM - 128 * taps * weight + over
    weights = np.zeros((4, taps), np.int8)
    weights[0] = weight
    shape = (4, 1, 1, taps) if op == "CONV_2D" else (4, taps)
    x = (1, 1, 1, taps) if op == "CONV_2D" else (1, taps)
    data = [-bias, bias, 5, -5]
    tensors = [
        T(x, scale=0.5, zero_point=0),
        T(shape, scale=0.5, data=weights.reshape(shape)),
        T((4,), "int32", 0.25, data=data),
    ]
    more = {"keep_num_dims": False} if op != "CONV_2D" else options(Random(op), (1, 1), (1, 1), "VALID")
    y = T((*x[:-1], 4), scale=0.25 * 2**16, zero_point=3)
    return Case(f"{op} {weight} {over}", single_op(op, tensors, y, {**more, "activation": "NONE"}))


#: As many windows as pixels, but others than those.
PADDED = [
    padded("CONV_2D", Row((1, *size, 8), 4, 8, (1, 1), stride, padding="VALID"), pads, Random(f"{size} {pads}"))
    for size, stride, pads in (
        ((2, 2), (2, 2), (1, 1, 1, 1)),
        ((4, 1), (2, 1), (0, 0, 0, 1)),
        ((3, 3), (1, 1), (1, 0, 0, 0)),
        ((1, 4), (1, 2), (1, 0, 0, 0)),
    )
]
LIMITS = [limit(op, weight, over) for op in ("CONV_2D", "FULLY_CONNECTED") for weight in (1, 127) for over in (0, 1)]


def test_convolutions(tmp_path: Path, target: Target) -> None:
    cases = [convolution(row, number) for row in ROWS for number in range(4)]
    taken = [case for case in cases if compile_case(case, "c").program.kernels == ("conv_2d_packed_s8",)]
    assert len(taken) > len(cases) // 2
    check([*taken, *PADDED], tmp_path, target)


def weights_in_ram(program: Program) -> bool:
    call = program.steps[0].calls[0]
    return call.kernel == "conv_2d_packed_s8" and dict(call.params)["in_ram"] != 0


def test_weights_in_ram(tmp_path: Path, target: Target) -> None:
    cases = [convolution(row, number, speed=True) for row in ROWS for number in range(2)]
    in_ram = [case for case in cases if weights_in_ram(compile_case(case, "c").program)]
    assert len(in_ram) > 5
    check(in_ram, tmp_path, target)


def test_dense_layers(tmp_path: Path, target: Target) -> None:
    cases = [dense(inputs, outputs, batches) for inputs, outputs in DENSE for batches in (1, 3)]
    taken = [case for case in cases if compile_case(case, "c").program.kernels == ("fully_connected_packed_s8",)]
    assert len(taken) > len(cases) // 2
    check(taken, tmp_path, target)


@pytest.mark.parametrize("case", LIMITS, ids=lambda case: case.name)
def test_sums_that_fit(case: Case) -> None:
    fits = case.name.endswith("0")
    assert compile_case(case, "c").program.kernels[0].endswith("packed_s8") == fits


def test_sums_at_the_limit(tmp_path: Path, target: Target) -> None:
    check(LIMITS, tmp_path, target)
