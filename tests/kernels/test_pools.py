"""AVERAGE_POOL_2D and MAX_POOL_2D."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kernels.harness import Case, check
from tests.kernels.rows import ACTIVATIONS, Random
from tests.kernels.targets import Target
from tests.kernels.weighted import window_output
from tests.support.model_builder import T, single_op

#: Batches, height, width, channels; window; stride; padding.
ROWS = [
    ((1, 4, 4, 3), (2, 2), (2, 2), "VALID"),
    ((1, 5, 5, 3), (2, 2), (2, 2), "SAME"),
    ((1, 25, 5, 8), (25, 5), (25, 5), "VALID"),
    ((2, 3, 3, 2), (5, 5), (1, 1), "SAME"),
    ((1, 7, 3, 2), (3, 1), (1, 2), "SAME"),
    ((1, 1, 1, 1), (1, 1), (1, 1), "VALID"),
]


def case(
    op: str, size: tuple[int, ...], window: tuple[int, ...], stride: tuple[int, ...], padding: str, draw: Random
) -> Case:
    height, width = (window_output(size[i + 1], window[i], stride[i], 1, padding) for i in (0, 1))
    x = draw.tensor(size)
    y = T((size[0], height, width, size[3]), scale=x.scale, zero_point=x.zero_point)
    chosen = {
        "padding": padding,
        "filter_h": window[0],
        "filter_w": window[1],
        "stride_h": stride[0],
        "stride_w": stride[1],
        "activation": draw.choice(ACTIVATIONS),
    }
    return Case(f"{op} {size} {chosen}", single_op(op, [x], y, chosen))


def drawn(op: str, draw: Random) -> Case:
    window = (draw.randint(1, 4), draw.randint(1, 4))
    size = (draw.randint(1, 2), draw.randint(window[0], 9), draw.randint(window[1], 9), draw.randint(1, 5))
    stride = (draw.randint(1, 3), draw.randint(1, 3))
    return case(op, size, window, stride, draw.choice(("SAME", "VALID")), draw)


@pytest.mark.parametrize("op", ["AVERAGE_POOL_2D", "MAX_POOL_2D"])
def test_against_the_oracle(op: str, tmp_path: Path, target: Target) -> None:
    draw = Random(op)
    check([*(case(op, *row, draw) for row in ROWS), *(drawn(op, draw) for _ in range(60))], tmp_path, target)
