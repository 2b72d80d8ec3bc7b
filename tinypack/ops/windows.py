"""Sliding windows over height and width: what convolutions and pools share."""

from __future__ import annotations

from dataclasses import dataclass

from tinypack.graph import Graph, Node, Tensor

MOST = 2**15 - 1  # of a window's extent: TensorFlow Lite Micro keeps paddings in 16 bits


@dataclass(frozen=True)
class Axis:
    """One axis of a window: output size and the rows or columns of padding before the first input."""

    size: int
    padding: int


def image(node: Node, graph: Graph) -> Tensor:
    """Give input 0.

    Raises: ValueError if it isn't [batch, height, width, channels]
    """
    x = graph.operand(node, 0)
    if len(x.shape) != 4:
        raise ValueError(f"the input must have 4 dimensions, not {len(x.shape)}")
    return x


def axes(node: Node, x: Tensor, filter_h: int, filter_w: int) -> tuple[Axis, Axis]:
    """Place a window of this size over height and width.

    Raises: ValueError if no output is left
    """
    options = node.options
    padding = options["padding"]
    # A folded PAD gives (top, bottom, left, right) instead of "SAME" or "VALID".
    around = (padding, padding) if isinstance(padding, str) else (padding[:2], padding[2:])
    rows = _axis(x.shape[1], filter_h, options["stride_h"], options.get("dilation_h", 1), around[0])
    columns = _axis(x.shape[2], filter_w, options["stride_w"], options.get("dilation_w", 1), around[1])
    return rows, columns


def _axis(size: int, taps: int, stride: int, dilation: int, padding: str | tuple[int, int]) -> Axis:
    extent = (taps - 1) * dilation + 1
    if min(taps, stride, dilation) < 1 or max(extent, stride, dilation) > MOST:
        raise ValueError(f"window {taps}, stride {stride} and dilation {dilation} must be 1 to {MOST}")
    if padding == "SAME":
        out = -(-size // stride)
        return Axis(out, max(0, (out - 1) * stride + extent - size) // 2)
    before, after = (0, 0) if isinstance(padding, str) else padding
    out = (before + size + after - extent) // stride + 1
    if out < 1:
        raise ValueError(f"a window over {extent} does not fit into {before + size + after}")
    return Axis(out, before)
