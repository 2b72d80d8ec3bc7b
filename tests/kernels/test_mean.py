"""MEAN over every set of dimensions that is accepted."""

from __future__ import annotations

from itertools import chain, combinations
from pathlib import Path

from tests.kernels.harness import Case, check
from tests.kernels.rows import Random
from tests.kernels.targets import Target
from tests.support.model_builder import T, single_op

SHAPES = [(5,), (3, 4), (2, 3, 4), (2, 3, 4, 5), (1, 7, 6, 3), (1, 1, 4, 1)]


def case(shape: tuple[int, ...], axes: tuple[int, ...], keep: bool, draw: Random) -> Case:
    x = draw.tensor(shape)
    reduced = {axis % len(shape) for axis in axes}
    kept = tuple(1 if i in reduced else size for i, size in enumerate(shape) if keep or i not in reduced)
    y = T(kept, scale=x.scale if draw.random() < 0.3 else draw.scale(), zero_point=draw.zero_point())
    inputs = [x, T((len(axes),), "int32", data=list(axes))]
    return Case(f"{shape} {axes} {keep}", single_op("MEAN", inputs, y, {"keep_dims": keep}))


def test_against_the_oracle(tmp_path: Path, target: Target) -> None:
    draw = Random("MEAN")
    sets = [
        (shape, axes)
        for shape in SHAPES
        for axes in chain.from_iterable(combinations(range(len(shape)), n) for n in range(1, len(shape) + 1))
    ]
    rows = [*sets, ((2, 3, 4, 5), (-1, -3)), ((2, 3, 4), (1, 1, -2)), ((1, 6, 6, 2), (2, 1))]
    check([case(shape, axes, keep, draw) for shape, axes in rows for keep in (True, False)], tmp_path, target)
