"""Convolutions whose weights stand in row blocks: most that there are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tinypack.graph import Graph, Node
from tinypack.ops import window_slide, winograd
from tinypack.ops.arithmetic import INT8_MAX, activation_range
from tinypack.ops.packing import BLOCK, NONE, packable, padded, row_blocks
from tinypack.ops.protocol import Call, Param, Table, faster_and_faster
from tinypack.ops.row_stages import Windows
from tinypack.ops.windows import axes

COLUMN_BYTES = 4  # of scratch memory a tap: two columns of halfwords, or four of bytes
PIXELS_IN_RAM = 16  # from which on it pays to copy weights to RAM
MOST_SIZE = 2**15 - 1  # of an image and a window
COLUMNS = (1, 2, 4)  # pixels that variants of the kernel gather before they write them

#: Of the kernel's parameters, in order.
FIELDS = (
    *(
        "rows",
        "in_w",
        "out_w",
        "inside_first",
        "inside_end",
        "in_h",
        "out_h",
        "in_depth",
        "out_depth",
        "taps",
        "fours",
        "filter_h",
        "filter_w",
    ),
    *("pad_top", "pad_left", "stride_h", "stride_w", "in_zero_point", "out_zero_point", "act_min", "act_max", "in_ram"),
)


def is_packed(node: Node, graph: Graph) -> bool:
    """Say whether conv_2d_packed_s8 computes a convolution: one image or 1x1, one group, no dilation.

    A depthwise convolution of one channel is one, too.
    """
    if graph.optimise == "size":
        return False
    x, filters = graph.operand(node, 0), graph.operand(node, 1)
    dilation = (node.options["dilation_h"], node.options["dilation_w"])
    one_group = x.shape[3] == (1 if node.op == "DEPTHWISE_CONV_2D" else filters.shape[3])
    whole = graph.output(node).shape[3] % BLOCK == 0
    if x.shape[0] != 1 or not one_group or dilation != (1, 1) or not whole:
        return False
    image = _geometry(node, graph)
    small = max(image.values()) <= MOST_SIZE and max(image["stride_h"], image["stride_w"]) <= INT8_MAX
    return small and image["taps"] <= MOST_SIZE and packable(node, graph)


def lower_packed(node: Node, graph: Graph) -> tuple[Call, ...]:
    """Shapes: input [1, H, W, C], weights [M, KH, KW, C], bias [M] int32 -> output [1, OH, OW, M]"""
    x, filters, y = graph.operand(node, 0), graph.operand(node, 1), graph.output(node)
    assert x.quantization and y.quantization
    low, high = activation_range(node.options["activation"], y.quantization)
    image = _geometry(node, graph)
    values: dict[str, Param] = {
        "rows": row_blocks(node, graph, tap_order(filters.shape[1], filters.shape[2] * x.shape[3])),
        "in_zero_point": x.quantization.zero_point,
        "out_zero_point": y.quantization.zero_point,
        "act_min": low,
        "act_max": high,
        "in_ram": 0,
    }
    params, by_rows = (
        tuple((name, {**values, **geometry, **_inside(geometry)}[name]) for name in FIELDS)
        for geometry in (_one_row(image), image)
    )
    windows = window_slide.Windows.of(params)
    overlap = max((windows.pixel_slide(at_once) for at_once in COLUMNS), key=lambda slide: slide.distance)
    rows = Windows(by_rows, *(image[name] for name in ("in_h", "out_h", "filter_h", "stride_h", "pad_top")))
    scratch = COLUMN_BYTES * image["taps"]
    call = Call("conv_2d_packed_s8", params, (x.index,), y.index, scratch, {0: overlap}, rows)
    ways = [call]
    ways += [_in_ram(call)] if image["out_h"] * image["out_w"] >= PIXELS_IN_RAM else []
    ways += winograd.winograd_calls(call, image) if winograd.suits(image) else []
    return (faster_and_faster(ways),)


def _in_ram(call: Call) -> Call:
    """Copy the weights to RAM first: flash of fast processors makes wait who reads it again for each two pixels."""
    params = dict(call.params)
    rows = params["rows"]
    assert isinstance(rows, Table)
    copied = tuple({**params, "in_ram": params["out_depth"]}.items())
    return replace(call, params=copied, scratch=call.scratch + 4 * rows.values.size, rows=None)


def _geometry(node: Node, graph: Graph) -> dict[str, int]:
    """Give the kernel's geometry."""
    x, filters, y = graph.operand(node, 0), graph.operand(node, 1), graph.output(node)
    filter_h, filter_w = filters.shape[1:3]
    rows, columns = axes(node, x, filter_h, filter_w)
    return {
        "in_h": x.shape[1],
        "in_w": x.shape[2],
        "in_depth": x.shape[3],
        "out_h": rows.size,
        "out_w": columns.size,
        "out_depth": y.shape[3],
        "taps": padded(filter_h * filter_w * x.shape[3]),
        "fours": row_fours(filter_h, filter_w * x.shape[3]),
        "filter_h": filter_h,
        "filter_w": filter_w,
        "stride_h": node.options["stride_h"],
        "stride_w": node.options["stride_w"],
        "pad_top": rows.padding,
        "pad_left": columns.padding,
    }


def _inside(image: dict[str, int]) -> dict[str, int]:
    """Find the output columns whose windows lie inside the input's rows, as far as the kernel reads."""
    starts = np.arange(image["out_w"]) * image["stride_w"] - image["pad_left"]
    reads = max(image["filter_w"] * image["in_depth"], image["fours"])
    inside = np.flatnonzero((starts >= 0) & (starts * image["in_depth"] + reads <= image["in_w"] * image["in_depth"]))
    return {
        "inside_first": int(inside[0]) if len(inside) else 0,
        "inside_end": int(inside[-1]) + 1 if len(inside) else 0,
    }


def _one_row(image: dict[str, int]) -> dict[str, int]:
    """Take an image of which each pixel is a window as a single row: the kernel goes through it the faster."""
    if not all(_each_is_a_window(image, *names) for names in (("h", "top"), ("w", "left"))):
        return image
    pixels = image["in_h"] * image["in_w"]
    return {**image, "in_h": 1, "in_w": pixels, "out_h": 1, "out_w": pixels, "stride_h": 1, "stride_w": 1}


def _each_is_a_window(image: dict[str, int], axis: str, side: str) -> bool:
    """Say whether along an axis each window is one position, in order; a single one knows no stride."""
    size, stride = image[f"in_{axis}"], image[f"stride_{axis}"]
    plain = image[f"filter_{axis}"] == 1 and image[f"pad_{side}"] == 0 and image[f"out_{axis}"] == size
    return plain and (stride == 1 or size == 1)


def row_fours(filter_rows: int, run: int) -> int:
    """Choose how many taps of each filter row stand together: whole fours, rounded up if that needs no more in all."""
    up = -(-run // 4) * 4
    return up if padded(filter_rows * up) == padded(filter_rows * run) else run // 4 * 4


def tap_order(filter_rows: int, run: int) -> np.ndarray:
    """Order a window's taps as the kernel gathers them; NONE where it gathers what is no tap.

    Shapes: -> [taps padded]
    """
    fours = row_fours(filter_rows, run)
    taps = np.arange(filter_rows * run).reshape(filter_rows, run)
    together = np.pad(taps, ((0, 0), (0, max(0, fours - run))), constant_values=NONE)[:, :fours]
    order = np.concatenate([together.reshape(-1), taps[:, fours:].reshape(-1)])
    return np.pad(order, (0, padded(len(order)) - len(order)), constant_values=NONE)
