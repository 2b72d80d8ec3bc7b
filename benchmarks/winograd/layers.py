"""Layers that F(2,3) can compute, and their weights as winograd.h describes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinypack.graph import Graph, Node
from tinypack.ops.arithmetic import INT8_MAX, INT8_MIN, activation_range
from tinypack.ops.channels import Channels, output_channels
from tinypack.ops.packed_convolution import is_packed

BLOCK = 4  # output channels
PLACES = (0, 2, 1, 3)  # of four input channels: SXTB16 takes bytes 0 and 2, then 1 and 3
#: Twice the usual transform of a filter row g0, g1, g2, to m1, m2, m0, m3.
TRANSFORM = np.array([[1, 1, 1], [1, -1, 1], [2, 0, 0], [0, 0, 2]])


@dataclass(frozen=True)
class Layer:
    node: Node
    height: int
    width: int
    depth: int
    out_depth: int
    in_zero_point: int
    out_zero_point: int
    channels: Channels

    @property
    def macs(self) -> int:
        return 9 * self.depth * self.out_depth * self.height * self.width

    def row_words(self, channels: int) -> int:
        return (24 * self.depth + 14) * channels // BLOCK

    def rows(self) -> np.ndarray:
        """Shapes: -> [words] int32"""
        products = np.einsum("pw,okwc->opkc", TRANSFORM, self._filters()).astype(np.int16)
        fours = products.reshape(-1, BLOCK, 4, 3 * self.depth // 4, 4)[..., PLACES]
        words = _words(fours.transpose(0, 2, 3, 1, 4).reshape(-1, 4, 3 * self.depth // 4, BLOCK, 2, 2).swapaxes(3, 4))
        first, last = words[:, : words.shape[1] * 3 // 4], words[:, words.shape[1] * 3 // 4 :]
        return np.concatenate([self._joined(first, flat=False), self._joined(last, flat=False)[:, BLOCK:]], axis=1)

    def _filters(self) -> np.ndarray:
        return self.channels.weights.reshape(self.out_depth, 3, 3, self.depth)

    def _joined(self, words: np.ndarray, flat: bool = True) -> np.ndarray:
        """Put each block's words between what it begins with and its requantisation."""
        found = self.channels
        starts = (2 * found.bias).astype(np.int32).reshape(-1, BLOCK)
        multipliers = found.multiplier.astype(np.int32).reshape(-1, BLOCK)
        shifts = _words((-found.shift - 1).astype(np.int8).reshape(-1, BLOCK))
        joined = np.concatenate([starts, words, multipliers, shifts], axis=1)
        return joined.reshape(-1) if flat else joined


def suitable(graph: Graph) -> list[Layer]:
    return [_layer(node, graph) for node in graph.nodes if _suits(node, graph)]


def _suits(node: Node, graph: Graph) -> bool:
    if node.op != "CONV_2D" or not is_packed(node, graph):
        return False
    x, y = graph.operand(node, 0), graph.output(node)
    assert y.quantization
    clamps = activation_range(node.options["activation"], y.quantization) != (INT8_MIN, INT8_MAX)
    same = graph.operand(node, 1).shape[1:3] == (3, 3) and x.shape[1:3] == y.shape[1:3]
    return same and x.shape[2] % 4 == 0 and x.shape[3] % 8 == 0 and not clamps


def _layer(node: Node, graph: Graph) -> Layer:
    x, y = graph.operand(node, 0), graph.output(node)
    assert x.quantization and y.quantization
    _, height, width, depth = x.shape
    points = x.quantization.zero_point, y.quantization.zero_point
    return Layer(node, height, width, depth, y.shape[3], *points, output_channels(node, graph))


def _words(parts: np.ndarray) -> np.ndarray:
    """Join what goes into a word, the first in the lowest bits. Shapes: [blocks, ...] -> [blocks, words]"""
    return np.ascontiguousarray(parts).reshape(len(parts), -1).view(np.int32)
