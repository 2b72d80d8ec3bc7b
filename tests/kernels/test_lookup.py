"""LOGISTIC, TANH, RELU, RELU6 and 8-bit QUANTIZE: all 256 inputs of each quantisation."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kernels.harness import Case, check
from tests.kernels.rows import Random
from tests.kernels.targets import Target
from tests.support.model_builder import Op, T, build, single_op

EVERY = (1, 256)

#: Operator, and (scale, zero point) of its output, or None for random ones.
OPERATORS = [
    ("LOGISTIC", (1 / 256, -128)),
    ("TANH", (1 / 128, 0)),
    ("RELU", None),
    ("RELU6", None),
    ("QUANTIZE", None),
]

#: (scale, zero point) of the input.
INPUTS = [
    (1 / 256, 0),
    (1 / 16, -128),
    (0.1, 127),
    (1.0, 5),
    (8.0, 0),  # the last that leaves Q4.27 any range
    (15.99, -1),
    (16.0, 3),  # beyond it
    (1e4, 0),
    (1e-5, 7),
    (3.73e-9, -5),  # just above 2^-28
]

#: Name, input type and (scale, zero point), output type and (scale, zero point).
QUANTIZE_ROWS = [
    ("same scale", "int8", (0.5, 3), "int8", (0.5, -4)),
    ("same", "int8", (0.5, 3), "int8", (0.5, 3)),
    ("wide to narrow", "int8", (3.0, -128), "int8", (1e-4, 127)),
    ("narrow to wide", "int8", (1e-9, -128), "int8", (1.0, 127)),
    ("overflow of the left shift", "int8", (1.0, -128), "int8", (1e-9, 0)),
    ("largest shift", "int8", (1.9, 0), "int8", (1e-9, 0)),
    ("ties", "int8", (0.5, 0), "int8", (1.0, 0)),
    ("to uint8 by 128", "int8", (0.5, -128), "uint8", (0.5, 0)),
    ("to uint8", "int8", (0.3, 5), "uint8", (0.7, 200)),
    ("from uint8 by 128", "uint8", (0.5, 128), "int8", (0.5, 0)),
    ("from uint8", "uint8", (0.3, 255), "int8", (0.05, 100)),
]


def unary(op: str, x: T, y: T) -> Case:
    name = f"{op} {x.dtype} {x.scale} {x.zero_point} to {y.dtype} {y.scale} {y.zero_point}"
    return Case(name, single_op(op, [x], y))


def random_cases(op: str, output: tuple[float, int] | None, count: int) -> list[Case]:
    draw = Random(op)
    given = [*INPUTS, *((draw.scale(1e-4, 2.0), draw.zero_point()) for _ in range(count))]
    ends = [(x, output or (draw.scale(max(1e-4, x[0] / 1e3), 2.0), draw.zero_point())) for x in given]
    return [unary(op, T(EVERY, "int8", *x), T(EVERY, "int8", *y)) for x, y in ends]


def in_place_case(op: str, output: tuple[float, int] | None) -> Case:
    """The same operator twice in a row, in one buffer."""
    x, y = T((9, 3), scale=0.05, zero_point=-3), T((9, 3), "int8", *(output or (0.07, -9)))
    return Case(f"{op} twice", build([x, y, y], [Op(op, (0,), (1,)), Op(op, (1,), (2,))], [0], [2]))


CASES = [
    *(case for op, output in OPERATORS for case in random_cases(op, output, 25)),
    *(in_place_case(op, output) for op, output in OPERATORS),
    *(unary("QUANTIZE", T(EVERY, a, *x), T(EVERY, b, *y)) for _, a, x, b, y in QUANTIZE_ROWS),
]


@pytest.mark.parametrize("op", [op for op, _ in OPERATORS])
def test_against_the_oracle(op: str, tmp_path: Path, target: Target) -> None:
    check([case for case in CASES if case.name.split()[0] == op], tmp_path, target)
