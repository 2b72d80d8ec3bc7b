from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.support.model_builder import Op, T, build
from tinypack.compile import compile_graph
from tinypack.errors import TinypackError
from tinypack.importers.tflite import import_tflite
from tinypack.vectors import BUILT_IN_SEEDS, digest
from tinypack.verify.reference import Reference, check_inputs, differences, make_reference
from tinypack.verify.transcript import Transcript

NAMES = {4: "node 4 ADD", 9: "node 9 MUL"}
REFERENCE = Reference((0x10, 0x20), ({4: 1, 9: 2}, {4: 3, 9: 4}), NAMES, b"")
GOOD = Transcript({0: 0x10, 1: 0x20}, {(0, 4): 1, (0, 9): 2, (1, 4): 3, (1, 9): 4})


def test_what_agrees_has_no_differences() -> None:
    assert differences(REFERENCE, GOOD, GOOD) == []


def test_what_no_board_can_mend_is_a_difference() -> None:
    reference = replace(REFERENCE, wrong=("features of frame 3 (in Python)",))
    assert differences(reference, GOOD, GOOD) == ["features of frame 3 (in Python)"]


@pytest.mark.parametrize("change", ["other", "gone"])
@pytest.mark.parametrize(
    ("key", "named"),
    [
        ((0, 9), ["node 9 MUL (vector 0)"]),
        ((1, 4), ["node 4 ADD (vector 1)"]),
    ],
)
def test_a_node_is_named(key: tuple[int, int], named: list[str], change: str) -> None:
    traced = deepcopy(GOOD)
    if change == "gone":
        del traced.nodes[key]
    else:
        traced.nodes[key] ^= 1
    assert differences(REFERENCE, GOOD, traced) == named


@pytest.mark.parametrize("change", ["other", "gone"])
@pytest.mark.parametrize("build", ["with trace", "as installed"])
def test_outputs_are_compared_in_both_builds(build: str, change: str) -> None:
    builds = {"as installed": deepcopy(GOOD), "with trace": deepcopy(GOOD)}
    if change == "gone":
        del builds[build].digests[1]
    else:
        builds[build].digests[1] ^= 1
    assert differences(REFERENCE, builds["as installed"], builds["with trace"]) == [f"outputs of vector 1 ({build})"]


def test_the_first_node_that_ran_comes_first() -> None:
    found = differences(REFERENCE, Transcript(), Transcript())
    assert found[:4] == [
        "node 4 ADD (vector 0)",
        "node 9 MUL (vector 0)",
        "outputs of vector 0 (with trace)",
        "outputs of vector 0 (as installed)",
    ]
    assert len(found) == 8


def test_the_oracle_is_asked_for_every_vector() -> None:
    x = T((2, 3), scale=0.5)
    model = build([x, x, x], [Op("RELU", (0,), (1,)), Op("RELU6", (1,), (2,))], [0], [2])
    given = np.array([[-5, 0, 5], [10, 100, 127]], np.int8)
    made = make_reference(model, compile_graph(import_tflite(model, "test")), 2, [[given]])
    count = len(BUILT_IN_SEEDS) + 2 + 1
    assert (len(made.digests), len(made.nodes)) == (count, count)
    # The built-in vectors are in the package; the host sends the others.
    assert len(made.stdin) == 3 * given.nbytes
    assert made.stdin.endswith(given.tobytes())
    assert made.digests[-1] == digest(np.clip(given, 0, 12))
    last = next(reversed(made.nodes[-1]))
    assert made.nodes[-1][last] == made.digests[-1]
    assert list(made.names) == list(made.nodes[0])


@pytest.mark.parametrize(
    ("arrays", "where", "found"),
    [
        ([np.zeros((2, 3), np.int8)], "inputs[1]", "1 arrays, 2 inputs"),
        ([np.zeros((3, 2), np.int8), np.zeros(4, np.float32)], "inputs[1][0]", "int8 of shape (3, 2)"),
        ([np.zeros((2, 3), np.uint8), np.zeros(4, np.float32)], "inputs[1][0]", "uint8 of shape (2, 3)"),
        ([np.zeros((2, 3), np.int8), [0.0] * 4], "inputs[1][1]", "float64 of shape (4,)"),
    ],
)
def test_inputs_that_do_not_fit_are_named(arrays: list[Any], where: str, found: str) -> None:
    x, y = T((2, 3), scale=0.5), T((4,), "float32")
    graph = import_tflite(build([x, y, x], [Op("RELU", (0,), (2,))], [0, 1], [2]), "test")
    good = [np.zeros((2, 3), np.int8), np.zeros(4, np.float32)]
    check_inputs(graph, [good, good])
    with pytest.raises(TinypackError) as caught:
        check_inputs(graph, [good, arrays])
    (problem,) = caught.value.problems
    assert (problem.code, problem.where, problem.found) == ("bad-input", where, found)


def test_every_array_of_a_bad_vector_is_named() -> None:
    x = T((2, 3), scale=0.5)
    graph = import_tflite(build([x, x, x], [Op("ADD", (0, 1), (2,))], [0, 1], [2]), "test")
    with pytest.raises(TinypackError, match=r"must be int8 of shape \(2, 3\)") as caught:
        check_inputs(graph, [[np.zeros(6, np.int8)] * 2])
    assert [problem.where for problem in caught.value.problems] == ["inputs[0][0]", "inputs[0][1]"]
