"""3x3 convolutions with weights made ready in scratch memory: all output channels at once, or some after others."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

from tests.kernels.harness import Case, check
from tests.kernels.targets import Target
from tests.kernels.test_convolution import Row
from tests.kernels.test_row_blocks import convolution
from tests.support.model_builder import T, single_op
from tinypack.compile import Program
from tinypack.compile.arena import plan_arena
from tinypack.compile.lower import lower_graph
from tinypack.graph import Graph
from tinypack.importers.tflite import import_tflite
from tinypack.ops import winograd
from tinypack.ops.protocol import Call

ROWS = [
    Row((1, 1, 4, 8), 4, 8, (3, 3)),  # no row but the first
    Row((1, 2, 4, 8), 8, 8, (3, 3)),
    Row((1, 7, 8, 16), 12, 16, (3, 3)),
    Row((1, 9, 12, 8), 16, 8, (3, 3)),
    Row((1, 4, 4, 64), 8, 64, (3, 3)),
]
#: What the kernel leaves to the others.
OTHERS = [
    Row((1, 8, 6, 8), 8, 8, (3, 3)),
    Row((1, 8, 8, 4), 8, 4, (3, 3)),
    Row((1, 8, 8, 8), 8, 8, (3, 3), (2, 2)),
    Row((1, 8, 8, 8), 8, 8, (3, 3), padding="VALID"),
    Row((1, 8, 8, 8), 8, 8, (3, 1)),
]


def ways(graph: Graph) -> list[Call]:
    """Give a layer's calls of the kernel, however small the layer is."""
    with patch.object(winograd, "LEAST_MACS", 0):
        _, (step,) = lower_graph(graph)
    return [call for call in step.calls[0].ways if call.kernel == winograd.KERNEL]


def planned(graph: Graph, way: int) -> Program:
    lowered, (step,) = lower_graph(graph)
    return plan_arena(lowered, (replace(step, calls=(ways(graph)[way],)),), save_ram=False)


def in_all_ways(case: Case) -> list[Case]:
    found = range(len(ways(import_tflite(case.model, case.name))))
    return [replace(case, name=f"{case.name} {way}", compile=partial(planned, way=way)) for way in found]


def limit(sign: int) -> Case:
    """The largest transformed weights and inputs that there are."""
    x, y = (1, 4, 8, 16), (1, 4, 8, 4)
    weights = np.resize([127, -127 * sign, 127], (16, 4, 3, 3)).transpose(1, 2, 3, 0)
    tensors = [
        T(x, scale=0.5, zero_point=-128),
        T((4, 3, 3, 16), scale=0.5, data=weights.astype(np.int8)),
        T((4,), "int32", 0.25, data=[0, 1, -1, 5]),
    ]
    chosen = {"padding": "SAME", "stride_h": 1, "stride_w": 1, "activation": "NONE"}
    return Case(f"limit {sign}", single_op("CONV_2D", tensors, T(y, scale=0.25 * 2**14, zero_point=3), chosen))


def test_against_the_oracle(tmp_path: Path, target: Target) -> None:
    cases = [*(convolution(row, number) for row in ROWS for number in range(2)), limit(1), limit(-1)]
    taken = [way for case in cases for way in in_all_ways(case)]
    assert len(taken) > 2 * len(ROWS)
    check(taken, tmp_path, target)


@pytest.mark.parametrize("row", OTHERS, ids=str)
def test_what_it_is_not_for(row: Row) -> None:
    case = convolution(row, 0)
    assert ways(import_tflite(case.model, case.name)) == []


def test_small_layers_are_not_worth_its_code() -> None:
    case = convolution(ROWS[0], 0)
    _, (step,) = lower_graph(import_tflite(case.model, case.name))
    assert winograd.KERNEL not in {call.kernel for call in step.calls[0].ways}
