"""Depthwise convolutions that depthwise_3x3_s8 computes: every edge of lines and images, and of what it takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np

from tests.kernels.harness import Case, check, compile_case
from tests.kernels.rows import ACTIVATIONS, Random
from tests.kernels.targets import Target
from tests.support.model_builder import Op, T, build, single_op
from tinypack.compile.emit import kernel_sources

KERNEL = "depthwise_3x3_s8"


@dataclass(frozen=True)
class Row:
    size: tuple[int, int, int]  # height, width, channels
    stride: int = 1
    padding: str | tuple[int, int, int, int] = "SAME"  # or top, bottom, left, right

    @property
    def grown(self) -> tuple[int, int, int]:
        top, bottom, left, right = (0, 0, 0, 0) if isinstance(self.padding, str) else self.padding
        height, width, channels = self.size
        return height + top + bottom, width + left + right, channels

    @property
    def output(self) -> tuple[int, int]:
        height, width, _ = self.grown
        lost = 0 if self.padding == "SAME" else 2
        return -(-(height - lost) // self.stride), -(-(width - lost) // self.stride)


PADS = [(1, 1, 1, 1), (0, 1, 0, 1), (1, 0, 1, 0), (2, 2, 2, 2), (3, 0, 0, 4), (0, 0, 5, 5), (6, 7, 8, 9), (2, 0, 1, 3)]
ROWS = [
    *(Row((h, w, 4), s) for h, w, s in product((1, 2, 3, 6), (1, 2, 3, 4, 7), (1, 2))),
    *(Row((h, w, 4), s, "VALID") for h, w, s in product((3, 4, 5), (3, 4, 8), (1, 2))),
    *(
        Row((h, w, 4), s, pads)
        for (h, w), pads, s in product(((3, 4), (4, 3), (1, 1)), PADS, (1, 2))
        if pads[0] + h > 2
    ),
    *(Row((9, 5, channels), s) for channels, s in product((8, 12, 64), (1, 2))),
    Row((25, 5, 64)),  # the keyword model's: along the columns
    Row((6, 6, 128)),
    Row((3, 200, 4)),
    Row((3, 250, 4), 2),
]
FACTORS = (0.4999, 0.3, 0.02, 2.0**-9, 0.7 * 2.0**-12, 2.0**-22, 0.0)  # outputs to sums; 0 stands for a usual one


def layer(draw: Random, row: Row) -> tuple[list[T | None], T, dict[str, object]]:
    """Draw quantisations that the kernel takes; one weight in four is -128."""
    channels = row.size[2]
    x_scale, y_scale = draw.scale(), draw.scale()
    factors = [draw.choice(FACTORS) or 0.004 * (1 + draw.random()) for _ in range(channels)]
    if draw.random() < 0.3:
        factors = factors[:1]
    scales = tuple(float(np.float32(factor * y_scale / x_scale)) for factor in factors)
    units = tuple(float(np.float32(x_scale * scale)) for scale in scales)
    weights = draw.int8((1, 3, 3, channels))
    weights[draw.int8(weights.shape) < -64] = -128
    bias = np.random.default_rng(draw.randrange(2**32)).integers(-(1 << 14), 1 << 14, channels, np.int32)
    zeros, one = (0,) * len(scales), len(scales) == 1
    inputs: list[T | None] = [
        T((1, *row.grown), scale=x_scale, zero_point=draw.zero_point()),
        T(weights.shape, scale=scales[0] if one else scales, zero_point=0 if one else zeros, axis=3, data=weights),
        T((channels,), "int32", units[0] if one else units, 0 if one else zeros, data=bias),
    ]
    options = {
        "padding": row.padding if isinstance(row.padding, str) else "VALID",
        "stride_h": row.stride,
        "stride_w": row.stride,
        "dilation_h": 1,
        "dilation_w": 1,
        "depth_multiplier": 1,
        "activation": draw.choice(ACTIVATIONS),
    }
    y = T((1, *row.output, channels), scale=y_scale, zero_point=draw.zero_point())
    return inputs, y, options


def case(draw: Random, row: Row) -> Case:
    inputs, y, options = layer(draw, row)
    name = f"{row} {options['activation']}"
    if isinstance(row.padding, str):
        return Case(name, single_op("DEPTHWISE_CONV_2D", inputs, y, options))
    middle, weights, bias = inputs
    assert middle and weights and bias
    top, bottom, left, right = row.padding
    paddings = T((4, 2), "int32", data=[(0, 0), (top, bottom), (left, right), (0, 0)])
    ops = [Op("PAD", (0, 1), (2,)), Op("DEPTHWISE_CONV_2D", (2, 3, 4), (5,), options)]
    return Case(name, build([replace(middle, shape=(1, *row.size)), paddings, middle, weights, bias, y], ops, [0], [5]))


def cases() -> Iterator[Case]:
    draw = Random(KERNEL)
    return (case(draw, row) for row in ROWS)


def test_against_the_oracle(tmp_path: Path, target: Target) -> None:
    given = list(cases())
    taken = [c for c in given if compile_case(c, "c").program.kernels == (KERNEL,)]
    assert len(taken) > 0.9 * len(given)
    check(taken, tmp_path, target)


def test_lines_in_several_calls(tmp_path: Path, target: Target) -> None:
    target.need()
    sources = kernel_sources([KERNEL])
    for name, text in sources.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "main.c").write_text((Path(__file__).parent / "depthwise_3x3_rows.c").read_text())
    program = target.build(tmp_path, "main.c", [name for name in sources if name.endswith(".c")])
    assert target.run(program, b"").returncode == 0
