"""SOFTMAX."""

from __future__ import annotations

from pathlib import Path

from tests.kernels.harness import Case, check
from tests.kernels.rows import Random
from tests.kernels.targets import Target
from tests.support.model_builder import T, single_op

#: Shape, scale of the input, beta.
ROWS = [
    ((1, 2), 0.1, 1.0),
    ((1, 12), 0.35, 1.0),
    ((1, 1), 0.1, 1.0),
    ((2, 3, 4), 0.05, 2.5),
    ((1, 400), 0.001, 1.0),  # nearly equal inputs: sums of many exponentials
    ((1, 511), 1e-4, 1.0),  # the most that the oracle takes
    ((3, 5), 10.0, 1.0),
    ((3, 5), 200.0, 100.0),  # the multiplier is capped
    ((3, 256), 1.6e-8, 1.0),  # beta * scale just above 2^-26
]


def test_against_the_oracle(tmp_path: Path, target: Target) -> None:
    draw = Random("SOFTMAX")
    drawn = [
        ((draw.randint(1, 3), draw.randint(1, 20)), draw.scale(1e-4, 20.0), draw.scale(0.1, 10.0)) for _ in range(80)
    ]
    cases = []
    for shape, scale, beta in [*ROWS, *drawn]:
        x, y = T(shape, scale=scale, zero_point=draw.zero_point()), T(shape, scale=1 / 256, zero_point=-128)
        cases.append(Case(f"{shape} {scale} {beta}", single_op("SOFTMAX", [x], y, {"beta": beta})))
    check(cases, tmp_path, target)
