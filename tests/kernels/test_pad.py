"""PAD and PADV2."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.kernels.harness import Case, check
from tests.kernels.rows import Random
from tests.kernels.targets import Target
from tests.support.model_builder import T, single_op

#: Input shape, paddings before and after each dimension.
SHAPES: list[tuple[tuple[int, ...], tuple[tuple[int, int], ...]]] = [
    ((1, 4, 5, 3), ((0, 0), (1, 2), (3, 0), (0, 0))),
    ((2, 3, 2, 2), ((1, 0), (0, 1), (2, 1), (1, 3))),
    ((1, 4, 5, 3), ((0, 0), (0, 0), (0, 0), (0, 0))),
    ((1, 1, 1, 1), ((0, 0), (2, 2), (2, 2), (0, 0))),
    ((7,), ((3, 4),)),
    ((3, 4), ((0, 5), (0, 0))),
    ((3, 4, 5), ((0, 0), (1, 1), (0, 0))),
    ((2, 3, 2, 2, 3), ((1, 0), (0, 0), (2, 1), (1, 1), (0, 0))),
    ((2, 1, 3, 2, 3), ((1, 0), (0, 1), (2, 1), (0, 0), (0, 2))),
]


def case(op: str, shape: Sequence[int], pads: Sequence[tuple[int, int]], draw: Random) -> Case:
    x = draw.tensor(shape)
    grown = tuple(extent + before + after for extent, (before, after) in zip(shape, pads, strict=True))
    y = T(grown, scale=x.scale, zero_point=draw.choice((x.zero_point, draw.zero_point())))
    value = T((), scale=y.scale, zero_point=y.zero_point, data=draw.randint(-128, 127))
    paddings = T((len(pads), 2), "int32", data=pads)
    inputs = [x, paddings, value] if op == "PADV2" else [x, paddings]
    return Case(f"{op} {list(shape)} {list(pads)}", single_op(op, inputs, y))


def random_cases(op: str, count: int) -> list[Case]:
    draw = Random(op)
    shapes = [draw.shape(draw.randint(1, 4), 5) for _ in range(count)]
    return [
        case(op, shape, [(draw.choice((0, 0, 1, 4)), draw.choice((0, 0, 2, 3))) for _ in shape], draw)
        for shape in shapes
    ]


CASES = [
    *(case(op, shape, pads, Random(f"{op} {shape}")) for op in ("PAD", "PADV2") for shape, pads in SHAPES),
    *random_cases("PAD", 25),
    *random_cases("PADV2", 15),
]


def test_against_the_oracle(tmp_path: Path, target: Target) -> None:
    check(CASES, tmp_path, target)
