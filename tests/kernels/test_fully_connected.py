"""FULLY_CONNECTED."""

from __future__ import annotations

from pathlib import Path

from tests.kernels.harness import Case, check
from tests.kernels.rows import ACTIVATIONS, Random
from tests.kernels.targets import Target
from tests.kernels.weighted import layer
from tests.support.model_builder import single_op

#: Input shape, inputs and outputs of the layer, keep_num_dims.
ROWS = [
    ((1, 1), 1, 1, False),
    ((1, 16), 16, 1, False),
    ((3, 7), 7, 5, False),
    ((2, 3, 4), 4, 6, True),
    ((2, 3, 4), 12, 6, False),
    ((1, 2, 3, 4), 24, 3, False),
    ((1, 640), 640, 8, False),
]


def case(row: tuple[tuple[int, ...], int, int, bool], draw: Random) -> Case:
    shape, depth, outputs, keep = row
    rows = 1
    for extent in shape:
        rows *= extent
    y = (*shape[:-1], outputs) if keep else (rows // depth, outputs)
    inputs, output = layer(draw, shape, (outputs, depth), 0, y, depth)
    chosen = {"activation": draw.choice(ACTIVATIONS), "keep_num_dims": keep}
    return Case(f"{shape} {outputs} {chosen}", single_op("FULLY_CONNECTED", inputs, output, chosen))


def test_against_the_oracle(tmp_path: Path, target: Target) -> None:
    draw = Random("FULLY_CONNECTED")
    drawn = [((draw.randint(1, 3), d), d, draw.randint(1, 9), False) for d in (draw.randint(1, 40) for _ in range(60))]
    check([case(row, draw) for row in [*ROWS * 4, *drawn]], tmp_path, target)
