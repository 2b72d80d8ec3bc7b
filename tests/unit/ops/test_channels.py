"""Channels whose output never changes."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.ops.test_packing import dense
from tinypack.ops.arithmetic import clamp, requantize
from tinypack.ops.channels import QUARTER, output_channels

#: Bias of the second of two channels with weights of 1 and a factor of 1/1000, and the output it always has.
ROWS = [(0, None), (100_000, None), (200_000, 127), (-200_000, -128), (2**30, 127), (-(2**30), -128)]


@pytest.mark.parametrize(("bias", "constant"), ROWS)
def test_constants_get_small_sums(bias: int, constant: int | None) -> None:
    node, graph = dense(np.ones((2, 8), np.int8), np.array([0, bias], np.int32))
    found = output_channels(node, graph)
    assert found.weights[0].all()
    if constant is None:
        assert found.weights[1].all() and found.bias[1] == bias - 40
    else:
        assert not found.weights[1].any() and (found.multiplier[1], found.shift[1]) == QUARTER
        assert clamp(requantize(int(found.bias[1]), *QUARTER), -128, 127) == constant


def test_weights_of_zero_are_a_constant() -> None:
    node, graph = dense(np.zeros((1, 8), np.int8), np.array([7_300], np.int32))
    found = output_channels(node, graph)
    assert requantize(int(found.bias[0]), *QUARTER) == 7
