"""ADD, SUB and MUL."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kernels.harness import Case, check
from tests.kernels.rows import ACTIVATIONS, Random
from tests.kernels.targets import Target
from tests.support.model_builder import Op, T, build, single_op

OPERATORS = ("ADD", "SUB", "MUL")

#: Name, shape of either input, of the output.
SHAPES = [
    ("equal", (1, 4, 5, 6), (1, 4, 5, 6), (1, 4, 5, 6)),
    ("every pair", (256, 1), (1, 256), (256, 256)),
    ("every pair the other way", (1, 256), (256, 1), (256, 256)),
    ("scalar second", (2, 3, 4), (), (2, 3, 4)),
    ("scalar first", (1,), (7, 5), (7, 5)),
    ("one element", (1, 1), (1,), (1, 1)),
    ("channel", (1, 3, 4, 5), (5,), (1, 3, 4, 5)),
    ("height and channel", (1, 3, 1, 5), (2, 1, 4, 1), (2, 3, 4, 5)),
    ("gate", (1, 4, 4, 8), (1, 1, 1, 8), (1, 4, 4, 8)),
    ("middle", (2, 3, 1, 4), (2, 1, 5, 4), (2, 3, 5, 4)),
    ("five dimensions, few loops", (2, 1, 3, 1, 4), (1, 1, 3, 2, 4), (2, 1, 3, 2, 4)),
]

#: Name, (scale, zero point) of the inputs and the output: roundings, saturation, the ends of what the oracle takes.
SCALES = [
    ("equal scales", (0.5, 0), (0.5, 0), (0.5, 0)),
    ("saturates", (1.0, -128), (1.0, -128), (0.01, 127)),
    ("vanishes", (0.001, 127), (0.001, 0), (10.0, -128)),
    ("first far smaller", (1e-7, 5), (0.5, -3), (0.5, 1)),
    ("second far smaller", (0.5, -128), (1e-9, 127), (0.7, -1)),
    ("powers of two", (0.25, 127), (0.5, 127), (1.0, -128)),
    ("ties", (1.0, 0), (0.5, 0), (1.0, 0)),
]


def scale_cases(op: str) -> list[Case]:
    return [
        Case(
            f"{op} {name}", single_op(op, [T((256, 1), "int8", *a), T((1, 256), "int8", *b)], T((256, 256), "int8", *y))
        )
        for name, a, b, y in SCALES
    ]


def shape_cases(op: str) -> list[Case]:
    draw = Random(op)
    return [
        Case(
            f"{op} {name} {constant}",
            single_op(op, [draw.tensor(a, constant == 0), draw.tensor(b, constant == 1)], draw.tensor(y)),
        )
        for name, a, b, y in SHAPES
        for constant in ((None, 0, 1) if len(y) != 2 else (None,))
    ]


def random_cases(op: str, count: int) -> list[Case]:
    draw = Random(f"{op} {count}")
    cases = []
    for i in range(count):
        shape = draw.shape(draw.randint(1, 4))
        a, b = (tuple(draw.choice((extent, extent, 1)) for extent in shape) for _ in range(2))
        y = tuple(map(max, a, b))
        options = {"activation": draw.choice(ACTIVATIONS)}
        model = single_op(
            op, [draw.tensor(a), draw.tensor(b[draw.choice((0, 0, 1)) if b[0] == 1 else 0 :])], draw.tensor(y), options
        )
        cases.append(Case(f"{op} random {i} {a} {b} {options['activation']}", model))
    return cases


def twice_cases(op: str) -> list[Case]:
    """Both inputs are one tensor, and the result replaces either input of what follows."""
    x, y, z = T((3, 50), scale=0.1, zero_point=3), T((3, 50), scale=0.2), T((3, 50), scale=0.3, zero_point=-7)
    return [
        Case(f"{op} with itself", build([x, y], [Op(op, (0, 0), (1,))], [0], [1])),
        Case(f"{op} chain", build([x, x, y, z], [Op(op, (0, 1), (2,)), Op(op, (1, 2), (3,))], [0, 1], [3])),
        Case(f"{op} kept", build([x, x, y, z], [Op(op, (0, 1), (2,)), Op(op, (2, 2), (3,))], [0, 1], [2, 3])),
    ]


def fused_cases(op: str) -> list[Case]:
    """A following activation of the same quantisation becomes the operator's clamp."""
    x, y, other = T((2, 90), scale=0.1, zero_point=-5), T((2, 90), scale=0.07, zero_point=-60), T((2, 90), scale=0.03)
    return [
        Case(f"{op} {act} {name}", build([x, x, y, z], [Op(op, (0, 1), (2,)), Op(act, (2,), (3,))], [0, 1], [3]))
        for act in ("RELU", "RELU6")
        for name, z in (("fused", y), ("of another scale", other))
    ]


CASES = {
    op: [*scale_cases(op), *shape_cases(op), *random_cases(op, 40), *twice_cases(op), *fused_cases(op)]
    for op in OPERATORS
}


@pytest.mark.parametrize("op", OPERATORS)
def test_against_the_oracle(op: str, tmp_path: Path, target: Target) -> None:
    check(CASES[op], tmp_path, target)
