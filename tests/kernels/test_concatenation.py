"""CONCATENATION."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.kernels.harness import Case, check
from tests.kernels.rows import Random
from tests.kernels.targets import Target
from tests.support.model_builder import Op, T, build, single_op


def case(shape: Sequence[int], axis: int, extents: Sequence[int], draw: Random, constant: int = -1) -> Case:
    """Inputs of a shape whose dimension `axis` has the extents given; one of them may be a constant."""
    scale, zero_point, at = draw.scale(), draw.zero_point(), axis % len(shape)
    shapes = [(*shape[:at], extent, *shape[at + 1 :]) for extent in extents]
    inputs = [
        T(s, scale=scale, zero_point=zero_point, data=draw.int8(s) if i == constant else None)
        for i, s in enumerate(shapes)
    ]
    y = T((*shape[:at], sum(extents), *shape[at + 1 :]), scale=scale, zero_point=zero_point)
    return Case(
        f"CONCATENATION {list(shape)} axis {axis} {list(extents)}",
        single_op("CONCATENATION", inputs, y, {"axis": axis}),
    )


def random_cases(count: int) -> list[Case]:
    draw = Random("CONCATENATION")
    cases = []
    for _ in range(count):
        rank = draw.randint(1, 5)
        extents = [draw.randint(1, 6) for _ in range(draw.randint(1, 5))]
        cases.append(case(draw.shape(rank, 4), draw.randint(-rank, rank - 1), extents, draw))
    return cases


X = T((2, 3), scale=0.5)
CASES = [
    *(case((2, 3, 4, 5), axis, (1, 4, 2), Random(axis)) for axis in range(-4, 4)),
    case((3, 2), 1, (1,) * 10, Random(1)),
    case((3, 2), 1, (2, 3), Random(2), constant=1),
    case((3, 2), 0, (2, 3), Random(2), constant=0),
    Case(
        "CONCATENATION with itself",
        build([X, T((2, 6), scale=0.5)], [Op("CONCATENATION", (0, 0), (1,), {"axis": 1})], [0], [1]),
    ),
    *random_cases(30),
]


def test_against_the_oracle(tmp_path: Path, target: Target) -> None:
    check(CASES, tmp_path, target)
