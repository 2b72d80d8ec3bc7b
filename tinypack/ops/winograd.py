"""3x3 convolutions of stride 1 by F(2,3), where there is working memory for transformed weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tinypack.ops.packing import BLOCK
from tinypack.ops.protocol import Call

KERNEL = "conv_3x3_s8"
COLUMNS, DEPTH = 4, 8  # that the kernel's loops take at once
LEAST_MACS = 2**19  # below, a layer gains too little for 2.4 KB of code

#: Of the image's geometry: what the kernel takes as given.
GIVEN = {"filter_h": 3, "filter_w": 3, "stride_h": 1, "stride_w": 1, "pad_top": 1, "pad_left": 1}


def suits(image: Mapping[str, int]) -> bool:
    """Say whether the kernel computes a convolution, and pays."""
    same = image["in_h"] == image["out_h"] and image["in_w"] == image["out_w"]
    macs = image["out_h"] * image["out_w"] * image["out_depth"] * image["taps"]
    given = all(image[name] == value for name, value in GIVEN.items())
    return given and same and image["in_w"] % COLUMNS == 0 and image["in_depth"] % DEPTH == 0 and macs >= LEAST_MACS


def winograd_calls(call: Call, image: Mapping[str, int]) -> Iterator[Call]:
    """Give calls that do the same as conv_2d_packed_s8, the fastest last: with more output channels at once."""
    depth, out_depth = image["in_depth"], image["out_depth"]
    sizes = [BLOCK << i for i in range(out_depth.bit_length())]
    for channels in [*(size for size in sizes if size < out_depth and out_depth % size == 0), out_depth]:
        whole = channels == out_depth
        scratch = (16 * (3 if whole else 5) + 1) * depth + (24 * depth + 14) * channels
        params = tuple({**dict(call.params), "in_ram": channels}.items())
        overlaps = call.overlaps if whole else {}
        yield replace(call, kernel=KERNEL, params=params, scratch=scratch, overlaps=overlaps, rows=None)
