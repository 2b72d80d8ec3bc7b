"""Weights of four output channels at a time, as runtime/include/tp_rows.h describes them."""

from __future__ import annotations

import numpy as np

from tinypack.graph import Graph, Node
from tinypack.ops.channels import output_channels
from tinypack.ops.protocol import Table

BLOCK = 4  # output channels
UNIT = 8  # taps: what a kernel's loop takes at once
MOST_SUM = (2**31 - 1) // 257  # so that 256 SA + SB fits 32 bits
MOST_RIGHT = 23  # bits of shift: further, 2 * zero point + 1 before it would not fit
NONE = -1  # the tap where a column has any value, and weights are 0
#: Places of four taps in the words: SXTB16 takes bytes 0 and 2, then 1 and 3.
PLACES = (0, 2, 1, 3)


def packable(node: Node, graph: Graph) -> bool:
    """Say whether row blocks hold a node's weights: sums that stay small, shifts to the right."""
    found = output_channels(node, graph)
    return bool(
        max(abs(int(end)) for ends in found.sums() for end in (ends.min(), ends.max())) <= MOST_SUM
        and found.weights[0::2].min() > -128
        and ((found.shift <= -1) & (found.shift >= -MOST_RIGHT)).all()
    )


def padded(taps: int) -> int:
    """Round up to what a kernel's loop takes."""
    return -(-taps // UNIT) * UNIT


def row_blocks(node: Node, graph: Graph, order: np.ndarray) -> Table:
    """Pack weights, folded biases and requantisation; channels of zeros fill the last block.

    Shapes: order [K], the tap at each place of a column, or NONE; a multiple of 8 -> [blocks * (K + 9)] int32
    """
    found = output_channels(node, graph)
    more = -len(found.bias) % BLOCK
    weights = np.pad(found.weights, ((0, more), (0, 1)))[:, order]  # the last tap is none
    bias, multipliers = np.pad(found.bias, (0, more)), np.pad(found.multiplier, (0, more))
    shifts = np.pad(found.shift, (0, more), constant_values=-1)
    starts = np.stack([256 * bias[0::2] + bias[1::2], bias[1::2]], axis=1).reshape(-1, BLOCK)
    halves = (256 * weights[0::2] + weights[1::2]).reshape(-1, BLOCK // 2, weights.shape[1] // 4, 4)[..., PLACES]
    words = _word(halves.reshape(*halves.shape[:3], 2, 2), 16).transpose(0, 2, 3, 1)
    rights = _word(-shifts.reshape(-1, BLOCK) - 1, 8)
    blocks = [starts, words.reshape(len(words), -1), multipliers.reshape(-1, BLOCK), rights[:, np.newaxis]]
    return Table("int32_t", _wrapped(np.concatenate(blocks, axis=1)), program_memory=True)


def _word(parts: np.ndarray, bits: int) -> np.ndarray:
    """Join the last dimension, the first in the lowest bits."""
    places = np.arange(parts.shape[-1], dtype=np.int64) * bits
    joined: np.ndarray = ((parts & (2**bits - 1)) << places).sum(axis=-1)
    return joined


def _wrapped(words: np.ndarray) -> np.ndarray:
    wrapped: np.ndarray = words.astype(np.uint64).astype(np.uint32).view(np.int32)
    return wrapped
