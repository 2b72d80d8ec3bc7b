from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.support.constant_channels import CASES
from tests.support.graphs import make_graph, node, tensor
from tests.support.nets import Net
from tinypack.compile.ranges import Range, channel_ranges, reads_padding
from tinypack.importers.tflite import import_tflite
from tinypack.oracle import run_oracle
from tinypack.vectors import vector

SEEDS = (0x80, 0x7F, 0x00, 0x9E3779B9, 0x243F6A88)


def test_the_oracle_stays_within() -> None:
    for case in CASES[5::7]:
        model, _ = case.make()
        graph = import_tflite(model, case.name)
        ranges = channel_ranges(graph)
        keys = [n.outputs[0] for n in graph.nodes]
        for found in run_oracle(model, graph, [vector(graph, seed) for seed in SEEDS], keys):
            for key, array in zip(keys, found, strict=True):
                assert (array >= ranges[key].low).all() and (array <= ranges[key].high).all(), (case.name, key)


@pytest.mark.parametrize(
    ("channels", "low", "high"),
    [
        (4, [1, 2, 3, 4], [5, 6, 7, 8]),
        (2, [1, 2], [7, 8]),
        (1, [1], [8]),
        (8, [1, 2, 3, 4] * 2, [5, 6, 7, 8] * 2),
        (6, [1, 2] * 3, [7, 8] * 3),
    ],
)
def test_under_another_last_dimension(channels: int, low: list[int], high: list[int]) -> None:
    found = Range(np.array([1, 2, 3, 4]), np.array([5, 6, 7, 8])).under(channels)
    assert (found.low.tolist(), found.high.tolist()) == (low, high)


@pytest.mark.parametrize(
    ("taps", "options", "reads"),
    [
        (1, {"padding": "SAME"}, False),
        (3, {"padding": "SAME"}, True),
        (3, {"padding": "VALID"}, False),
        (1, {"padding": "SAME", "stride_h": 2, "stride_w": 2}, False),
        (2, {"padding": "SAME"}, True),  # behind the last row only
        (2, {"padding": "SAME", "stride_h": 2, "stride_w": 2}, True),  # 5 columns
        (3, {"padding": "SAME", "dilation_h": 2}, True),
    ],
)
def test_windows_that_lie_outside(taps: int, options: dict[str, Any], reads: bool) -> None:
    net = Net(1, (1, 6, 5, 4))
    net.conv(0, 4, taps, **options)
    graph = import_tflite(net.built(), "padding")
    assert reads_padding(graph.nodes[0], graph) is reads


def wrapping(net: Net) -> None:
    """A factor above 1 shifts sums to the left, beyond 32 bits."""
    net.tensors[-1] = type(net.tensors[-1])(net.tensors[-1].shape, scale=1e-12, zero_point=0)


def absurd(net: Net) -> None:
    """A factor that no shift holds."""
    net.tensors[-1] = type(net.tensors[-1])(net.tensors[-1].shape, scale=1e-30, zero_point=0)


@pytest.mark.parametrize("change", [wrapping, absurd])
def test_nothing_is_known_where_a_factor_is_too_large(change: Callable[[Net], None]) -> None:
    net = Net(1, (1, 6, 5, 4))
    y = net.conv(0, 4, activation="NONE")
    change(net)
    found = channel_ranges(import_tflite(net.built(), "scales"))[y]
    assert set(found.low.tolist()) == {-128} and set(found.high.tolist()) == {127}


def test_nothing_is_known_behind_other_operators() -> None:
    graph = make_graph([tensor((1, 4)), tensor((1, 4))], [node("LOGISTIC", [0], 1)], [1])
    found = channel_ranges(graph)[1]
    assert set(found.low.tolist()) == {-128} and set(found.high.tolist()) == {127}
