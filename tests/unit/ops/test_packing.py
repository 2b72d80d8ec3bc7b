"""How row blocks stand in flash, read back as the kernels read them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.support.model_builder import T, single_op
from tinypack.compile.passes import optimise
from tinypack.graph import Graph, Node
from tinypack.importers.tflite import import_tflite
from tinypack.ops.channels import output_channels
from tinypack.ops.packed_convolution import row_fours, tap_order
from tinypack.ops.packing import BLOCK, NONE, packable, padded, row_blocks

DENSE = {"activation": "NONE", "keep_num_dims": False}


def dense(weights: np.ndarray, bias: np.ndarray, scale: float = 0.001) -> tuple[Node, Graph]:
    outputs, inputs = weights.shape
    tensors = [
        T((1, inputs), scale=1.0, zero_point=5),
        T(weights.shape, scale=scale, data=weights),
        T((outputs,), "int32", scale, data=bias),
    ]
    graph = optimise(import_tflite(single_op("FULLY_CONNECTED", tensors, T((1, outputs), scale=1.0), DENSE), "m"))
    return graph.nodes[0], graph


def read_back(words: np.ndarray, taps: int) -> tuple[np.ndarray, np.ndarray]:
    """Give weights [M, K] and biases [M] by the kernels' arithmetic on words."""
    weights, biases = [], []
    for block in words.astype(np.int64).reshape(-1, taps + 9):
        starts, stream = block[:4], block[4 : 4 + taps].reshape(-1, 2)
        for pair in (0, 1):
            both, low = starts[2 * pair], starts[2 * pair + 1]
            biases += [(int(both) - int(low)) >> 8, int(low)]
            halves = np.stack([stream[:, pair] & 0xFFFF, stream[:, pair] >> 16 & 0xFFFF], axis=1).astype(np.uint16)
            signed = halves.view(np.int16).astype(np.int64).reshape(-1, 4)[:, [0, 2, 1, 3]].reshape(-1)
            lower = (signed & 0xFF).astype(np.uint8).view(np.int8).astype(np.int64)
            weights += [(signed - lower) >> 8, lower]
    return np.array(weights), np.array(biases)


@pytest.mark.parametrize(("outputs", "inputs"), [(4, 8), (8, 16), (3, 8), (10, 24)])
def test_words_hold_weights_and_biases(outputs: int, inputs: int) -> None:
    random = np.random.default_rng(outputs)
    weights = random.integers(-127, 128, (outputs, inputs), np.int8)
    bias = random.integers(-1000, 1000, outputs, np.int32)
    node, graph = dense(weights, bias)
    assert packable(node, graph)
    table = row_blocks(node, graph, np.arange(inputs))
    got, biases = read_back(table.values, inputs)
    rows = -(-outputs // BLOCK) * BLOCK
    assert got.shape == (rows, inputs) and (got[:outputs] == weights).all() and not got[outputs:].any()
    assert (biases[:outputs] == output_channels(node, graph).bias).all()


@pytest.mark.parametrize(
    ("change", "holds"),
    [
        ({}, True),
        ({"upper": -128}, False),  # 256 * -128 - 128 is no int16
        ({"lower": -128}, True),
        ({"bias": 2**23, "lower": 127, "scale": 1e-5}, False),
        ({"bias": 2**22, "lower": 127, "scale": 1e-5}, True),
        ({"scale": 0.9}, False),  # a shift of 0
        ({"scale": 0.4}, True),
    ],
)
def test_what_row_blocks_hold(change: dict[str, Any], holds: bool) -> None:
    weights = np.ones((4, 8), np.int8)
    weights[0], weights[1] = change.get("upper", 1), change.get("lower", 1)
    bias = np.array([0, change.get("bias", 0), 0, 0], np.int32)
    assert packable(*dense(weights, bias, change.get("scale", 0.001))) == holds


@pytest.mark.parametrize(
    ("rows", "run", "fours"),
    [(1, 8, 8), (3, 9, 8), (3, 3, 4), (3, 5, 4), (10, 4, 4), (1, 3, 4), (3, 48, 48), (2, 1, 4), (1, 1, 4)],
)
def test_taps_stand_in_fours_where_that_costs_nothing(rows: int, run: int, fours: int) -> None:
    order = tap_order(rows, run)
    assert row_fours(rows, run) == fours
    assert len(order) == padded(rows * run)
    assert sorted(order[order != NONE]) == list(range(rows * run))
    for row in range(rows):
        together = order[row * fours : row * fours + min(fours, run)]
        assert together.tolist() == list(range(row * run, row * run + min(fours, run)))
