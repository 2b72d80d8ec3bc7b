"""Depthwise convolutions by 3x3, the usual ones: four channels in a block, lines of the image in a ring."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinypack.graph import Graph, Node
from tinypack.ops.arithmetic import activation_range
from tinypack.ops.channels import output_channels
from tinypack.ops.overlap import Apart, Overlap, SameBase
from tinypack.ops.protocol import Call, Param, Table
from tinypack.ops.row_stages import Windows
from tinypack.ops.windows import axes

BLOCK = 4  # channels
SIDE = 3  # of the filter
MOST_STEPS = 256  # along a line: the kernel counts them in 8 bits
MOST_STEP = (2**16 - 1) // 7  # elements from one pixel to the next: eight have their offsets in 16 bits
MOST = 2**15 - 1  # of pixels, lines and channels
MOST_SUM = 2**30 - 1  # it is doubled
MOST_RIGHT = 22  # the output zero point before a shift by more would not fit
CHANNEL_BYTES = 40  # of scratch memory: one channel, unpacked
PAIR_BYTES = 64  # two pixels of four channels and four lines


@dataclass(frozen=True)
class Lines:
    """One direction of the image. A kernel reads lines into a ring, and goes along them."""

    read: int
    written: int
    padding: int
    read_step: int  # elements from one to the next
    written_step: int


@dataclass(frozen=True)
class Geometry:
    stride: int
    lines: Lines
    pixels: Lines  # of a line
    by_columns: bool  # a line is a column

    @property
    def steps(self) -> int:
        """Along a line."""
        return self.pixels.written if self.stride == 2 else -(-self.pixels.written // 2)

    @property
    def extents(self) -> list[int]:
        return [n for axis in (self.lines, self.pixels) for n in (axis.read, axis.written, axis.padding)]

    @property
    def fits(self) -> bool:
        """Say whether the kernel can count what there is along a line."""
        return self.steps <= MOST_STEPS and max(self.pixels.read_step, self.pixels.written_step) <= MOST_STEP

    @property
    def cost(self) -> int:
        """Estimate instructions for a channel with the DSP extension."""
        both = self.lines.written if self.stride == 2 else -(-self.lines.written // 2)
        return both * ((16 if self.stride == 2 else 53) * self.steps + 6 * self.pairs + 30)

    @property
    def pairs(self) -> int:
        """Pairs of pixels in a padded line."""
        return self.steps + 1

    @property
    def scratch(self) -> int:
        """Bytes of working memory."""
        return BLOCK * CHANNEL_BYTES + self.pairs * PAIR_BYTES

    def overlap(self) -> Overlap:
        """Say whether the output may begin where the input does: the kernel writes one or two lines at a time."""
        return (
            SameBase()
            if all(self._reads_first(at_once) for at_once in ((1, 2) if self.stride == 1 else (1,)))
            else Apart()
        )

    def _reads_first(self, at_once: int) -> bool:
        """Say whether every element is read before the step that overwrites it, or in it."""
        lines, pixels = self.lines, self.pixels
        # A step reads what its last window wants; the first such step reads a line.
        behind = np.arange(lines.read) + lines.padding - (at_once - 1) * self.stride - SIDE + 1
        read_at = np.maximum(-(-behind // (at_once * self.stride)), 0)
        written_at = np.arange(lines.written) // at_once
        reads, writes = (
            _places(lines.read, lines.read_step, pixels.read, pixels.read_step),
            _places(lines.written, lines.written_step, pixels.written, pixels.written_step),
        )
        size = int(max(reads.max(), writes.max())) + 1
        last_read, first_write = np.full(size, -1), np.full(size, size)
        last_read[reads] = read_at[:, np.newaxis]
        first_write[writes] = written_at[:, np.newaxis]
        return bool((first_write >= last_read).all())


def _places(lines: int, line: int, pixels: int, pixel: int) -> np.ndarray:
    """Give the place of each pixel, in units of the smaller step."""
    unit = min(line, pixel)
    places: np.ndarray = (np.arange(lines)[:, np.newaxis] * line + np.arange(pixels) * pixel) // unit
    return places


def is_3x3(node: Node, graph: Graph) -> bool:
    """Say whether depthwise_3x3_s8 computes a node."""
    if graph.optimise == "size":
        return False
    x, filters, options = graph.operand(node, 0), graph.operand(node, 1), node.options
    strides, dilation = (options["stride_h"], options["stride_w"]), (options["dilation_h"], options["dilation_w"])
    if filters.shape != (1, SIDE, SIDE, x.shape[3]) or x.shape[0] != 1 or x.shape[3] % BLOCK:
        return False
    if dilation != (1, 1) or strides not in ((1, 1), (2, 2)):
        return False
    found = output_channels(node, graph)
    most = max(abs(int(end)) for ends in found.sums() for end in (ends.min(), ends.max()))
    rights = -found.shift
    by_rows, _ = _geometries(node, graph)
    return bool(
        most <= MOST_SUM
        and ((rights >= 1) & (rights <= MOST_RIGHT)).all()
        and by_rows.fits
        and max(*by_rows.extents, x.shape[3]) <= MOST
    )


def lower_3x3(node: Node, graph: Graph) -> tuple[Call, ...]:
    """Shapes: input [1, H, W, C], weights [1, 3, 3, C], bias [C] int32 -> output [1, OH, OW, C]"""
    x, y = graph.operand(node, 0), graph.output(node)
    by_rows, _ = _geometries(node, graph)
    geometry = _geometry(node, graph)
    scratch = max(found.scratch for found in (by_rows, geometry))
    lines = by_rows.lines
    rows = Windows(_params(node, graph, by_rows), lines.read, lines.written, SIDE, by_rows.stride, lines.padding)
    params = _params(node, graph, geometry)
    return (Call("depthwise_3x3_s8", params, (x.index,), y.index, scratch, {0: geometry.overlap()}, rows),)


def _params(node: Node, graph: Graph, geometry: Geometry) -> tuple[tuple[str, Param], ...]:
    x, y = graph.operand(node, 0).quantization, graph.output(node).quantization
    assert x and y
    low, high = activation_range(node.options["activation"], y)
    lines, pixels = geometry.lines, geometry.pixels
    return (
        ("blocks", _blocks(node, graph, geometry.by_columns)),
        ("channels", graph.operand(node, 0).shape[3]),
        ("in_lines", lines.read),
        ("in_pixels", pixels.read),
        ("out_lines", lines.written),
        ("out_pixels", pixels.written),
        ("pad_lines", lines.padding),
        ("pad_pixels", pixels.padding),
        ("stride", geometry.stride),
        ("columns", int(geometry.by_columns)),
        ("in_zero_point", x.zero_point),
        ("out_zero_point", y.zero_point),
        ("act_min", low),
        ("act_max", high),
    )


def _geometries(node: Node, graph: Graph) -> tuple[Geometry, Geometry]:
    """Take rows for lines, or columns."""
    x, y = graph.operand(node, 0), graph.output(node)
    rows, columns = axes(node, x, SIDE, SIDE)
    depth = x.shape[3]
    down = Lines(x.shape[1], rows.size, rows.padding, x.shape[2] * depth, y.shape[2] * depth)
    across = Lines(x.shape[2], columns.size, columns.padding, depth, depth)
    stride = node.options["stride_h"]
    return Geometry(stride, down, across, False), Geometry(stride, across, down, True)


def _geometry(node: Node, graph: Graph) -> Geometry:
    """Choose what is faster: lines want to be long and even."""
    return min((found for found in _geometries(node, graph) if found.fits), key=lambda found: found.cost)


def _blocks(node: Node, graph: Graph, by_columns: bool) -> Table:
    """Pack biases, requantisation and weights of four channels at a time.

    Shapes: -> [C / 4 * 18] int32
    """
    found = output_channels(node, graph)
    taps = found.weights.reshape(-1, SIDE, SIDE).swapaxes(1, 2) if by_columns else found.weights
    blocks = [
        found.bias.reshape(-1, BLOCK),
        found.multiplier.reshape(-1, BLOCK),
        _words(-found.shift.reshape(-1, 1)),
        _words(taps.reshape(-1, SIDE * SIDE)),
    ]
    return Table("int32_t", np.concatenate(blocks, axis=1), program_memory=True)


def _words(values: np.ndarray) -> np.ndarray:
    """Join bytes of four channels, the first in the lowest bits.

    Shapes: values [C, N] -> [C / 4, N]
    """
    fours = values.reshape(-1, BLOCK, values.shape[1]).astype(np.int8).transpose(0, 2, 1)
    joined: np.ndarray = np.ascontiguousarray(fours).view("<i4")[..., 0].astype(np.int64)
    return joined
