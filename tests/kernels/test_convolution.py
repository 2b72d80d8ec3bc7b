"""CONV_2D and DEPTHWISE_CONV_2D, alone and with a PAD in front that becomes their padding."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.kernels.harness import Case, check
from tests.kernels.rows import Random
from tests.kernels.targets import Target
from tests.kernels.weighted import layer, options, window_output
from tests.support.model_builder import Op, T, build, single_op


@dataclass(frozen=True)
class Row:
    """Geometry of one case; `group` is the depth of a filter, or the multiplier of a depthwise convolution."""

    size: tuple[int, int, int, int]  # batches, height, width, channels
    out_depth: int
    group: int
    taps: tuple[int, int]
    stride: tuple[int, int] = (1, 1)
    dilation: tuple[int, int] = (1, 1)
    padding: str = "SAME"

    @property
    def output(self) -> tuple[int, int]:
        h, w = (
            window_output(*axis, self.padding)
            for axis in zip(self.size[1:3], self.taps, self.stride, self.dilation, strict=True)
        )
        return h, w


CONV_ROWS = [
    Row((1, 5, 5, 3), 4, 3, (3, 3)),
    Row((1, 5, 5, 3), 4, 3, (3, 3), (2, 2)),
    Row((2, 6, 5, 4), 3, 4, (1, 1)),
    Row((1, 6, 7, 4), 3, 4, (1, 1), (2, 3)),
    Row((1, 7, 7, 4), 6, 2, (3, 3)),  # two groups
    Row((1, 7, 7, 4), 8, 1, (3, 2)),  # a group a channel
    Row((1, 9, 8, 2), 3, 2, (3, 3), dilation=(2, 3)),
    Row((1, 9, 8, 2), 3, 2, (3, 3), dilation=(2, 1), padding="VALID"),
    Row((1, 2, 2, 3), 2, 3, (5, 5)),  # larger than the image
    Row((1, 1, 1, 1), 1, 1, (1, 1)),
    Row((1, 49, 10, 1), 4, 1, (10, 4), (2, 2)),  # the first layer of the keyword model
    Row((1, 4, 4, 64), 16, 64, (1, 1)),
]

DEPTHWISE_ROWS = [
    Row((1, 5, 5, 3), 3, 1, (3, 3)),
    Row((1, 5, 5, 3), 6, 2, (3, 3), (2, 2)),
    Row((2, 6, 5, 1), 8, 8, (3, 3), (2, 1)),
    Row((1, 9, 8, 2), 2, 1, (3, 3), dilation=(2, 3)),
    Row((1, 9, 8, 2), 6, 3, (3, 3), dilation=(2, 1), padding="VALID"),
    Row((1, 2, 2, 3), 3, 1, (5, 5)),
    Row((1, 1, 1, 1), 1, 1, (1, 1)),
    Row((1, 49, 40, 1), 8, 8, (10, 8), (2, 2)),  # the first layer of the wake word model
    Row((1, 4, 4, 64), 64, 1, (3, 3)),
]


def drawn(op: str, draw: Random) -> Row:
    """Draw a geometry that fits."""
    while True:
        depth, group = draw.randint(1, 5), draw.randint(1, 3)
        out_depth = depth * group
        if op == "CONV_2D":
            group = draw.choice([g for g in range(1, depth + 1) if depth % g == 0])
            out_depth = depth // group * draw.randint(1, 3)
        row = Row(
            (draw.randint(1, 2), draw.randint(1, 9), draw.randint(1, 9), depth),
            out_depth,
            group,
            (draw.randint(1, 4), draw.randint(1, 4)),
            (draw.randint(1, 3), draw.randint(1, 3)),
            draw.choice(((1, 1), (1, 1), (2, 1), (2, 3))),
            draw.choice(("SAME", "VALID")),
        )
        if min(row.output) >= 1:
            return row


def case(op: str, row: Row, draw: Random) -> Case:
    inputs, y, chosen = parts(op, row, draw)
    return Case(f"{op} {row} {chosen['activation']}", single_op(op, inputs, y, chosen))


def parts(op: str, row: Row, draw: Random) -> tuple[list[T | None], T, dict[str, object]]:
    depthwise = op == "DEPTHWISE_CONV_2D"
    weights = (1, *row.taps, row.out_depth) if depthwise else (row.out_depth, *row.taps, row.group)
    taps = row.taps[0] * row.taps[1] * (1 if depthwise else row.group)
    inputs, y = layer(draw, row.size, weights, 3 if depthwise else 0, (row.size[0], *row.output, row.out_depth), taps)
    chosen = options(draw, row.stride, row.dilation, row.padding)
    return inputs, y, {**chosen, "depth_multiplier": row.group} if depthwise else chosen


def padded_case(op: str, pads: tuple[int, int, int, int], draw: Random) -> Case:
    row = replace(drawn(op, draw), padding="VALID")
    return padded(op, row, pads, draw) if min(grown(row, pads).output) >= 1 else padded_case(op, pads, draw)


def grown(row: Row, pads: tuple[int, int, int, int]) -> Row:
    batches, height, width, depth = row.size
    top, bottom, left, right = pads
    return replace(row, size=(batches, height + top + bottom, width + left + right, depth))


def padded(op: str, row: Row, pads: tuple[int, int, int, int], draw: Random) -> Case:
    """PAD, then a VALID convolution: the compiler makes one node of them."""
    batches, height, width, depth = row.size
    top, bottom, left, right = pads
    row = grown(row, pads)
    inputs, y, chosen = parts(op, row, draw)
    middle = inputs[0]
    assert middle is not None
    x = replace(middle, shape=(batches, height, width, depth))
    paddings = T((4, 2), "int32", data=[(0, 0), (top, bottom), (left, right), (0, 0)])
    tensors = [x, paddings, middle, *(t for t in inputs[1:] if t is not None), y]
    last = len(tensors) - 1
    operands = (2, *range(3, last), *(() if inputs[2] is not None else (-1,)))
    ops = [Op("PAD", (0, 1), (2,)), Op(op, operands, (last,), chosen)]
    return Case(f"PAD {pads} {op} {row}", build(tensors, ops, [0], [last]))


PADS = [(1, 1, 1, 1), (0, 1, 0, 1), (3, 0, 0, 4), (0, 0, 5, 5), (6, 7, 8, 9), (0, 0, 0, 0)]


@pytest.mark.parametrize(("op", "rows"), [("CONV_2D", CONV_ROWS), ("DEPTHWISE_CONV_2D", DEPTHWISE_ROWS)])
def test_against_the_oracle(op: str, rows: list[Row], tmp_path: Path, target: Target) -> None:
    draw = Random(op)
    cases = [case(op, row, draw) for row in rows for _ in range(3)]
    cases += [case(op, drawn(op, draw), draw) for _ in range(120)]
    check(cases, tmp_path, target)


@pytest.mark.parametrize("op", ["CONV_2D", "DEPTHWISE_CONV_2D"])
def test_padding_in_front(op: str, tmp_path: Path, target: Target) -> None:
    draw = Random(f"PAD {op}")
    check([padded_case(op, pads, draw) for pads in PADS for _ in range(3)], tmp_path, target)
