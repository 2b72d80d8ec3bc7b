"""QUANTIZE from and DEQUANTIZE to floats."""

from __future__ import annotations

from pathlib import Path

from tests.kernels.harness import Case, check
from tests.kernels.rows import Random
from tests.kernels.targets import Target
from tests.support.model_builder import Op, T, build, single_op

#: (scale, zero point) of the int8 side.
SCALES = [
    (1.0, 0),
    (0.5, -128),
    (1 / 3, 127),
    (1e-30, 5),
    (1e30, -7),
    *((draw.scale(1e-6, 1e3), draw.zero_point()) for draw in [Random("floats")] for _ in range(25)),
]


def float_model(scale: float, zero_point: int) -> bytes:
    """A model that takes and gives floats, as exporters make them by default."""
    inner = T((5, 7), scale=scale, zero_point=zero_point)
    tensors = [T((5, 7), "float32"), inner, inner, T((5, 7), "float32")]
    ops = [Op("QUANTIZE", (0,), (1,)), Op("RELU", (1,), (2,)), Op("DEQUANTIZE", (2,), (3,))]
    return build(tensors, ops, [0], [3])


CASES = [
    *(Case(f"QUANTIZE {q}", single_op("QUANTIZE", [T((16, 40), "float32")], T((16, 40), "int8", *q))) for q in SCALES),
    *(
        Case(f"DEQUANTIZE {q}", single_op("DEQUANTIZE", [T((1, 256), "int8", *q)], T((1, 256), "float32")))
        for q in SCALES
    ),
    *(Case(f"floats around int8 {q}", float_model(*q)) for q in SCALES),
]


def test_against_the_oracle(tmp_path: Path, target: Target) -> None:
    check(CASES, tmp_path, target)
