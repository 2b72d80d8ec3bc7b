from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from tests.support.model_builder import Op, T, build
from tinypack import oracle
from tinypack.errors import TinypackError
from tinypack.importers.tflite import import_tflite
from tinypack.oracle import run_oracle

X = T((2, 3), scale=0.5)
MODEL = build([X, X], [Op("RELU", (0,), (1,))], [0], [1])
GRAPH = import_tflite(MODEL, "test")


def vector(value: int) -> list[np.ndarray]:
    return [np.full(X.shape, value, np.int8)]


def refused(model: bytes) -> str:
    with pytest.raises(TinypackError) as caught:
        next(run_oracle(model, GRAPH, [vector(1)], [1]))
    (problem,) = caught.value.problems
    assert problem.code == "bad-model"
    return problem.found


@pytest.mark.parametrize("most_bytes", [oracle.MOST_BYTES, 2 * 6, 0])
def test_only_one_vector_is_under_way(most_bytes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oracle, "MOST_BYTES", most_bytes)  # a process for all vectors, for two, for each
    asked = []

    def vectors() -> Iterator[list[np.ndarray]]:
        for value in (-7, 0, 9):
            asked.append(value)
            yield vector(value)

    for i, (found,) in enumerate(run_oracle(MODEL, GRAPH, vectors(), [1]), 1):
        assert len(asked) == i
        np.testing.assert_array_equal(found, np.full(X.shape, max(0, asked[-1]), np.int8), strict=True)
    assert len(asked) == 3


def test_a_model_that_it_refuses_is_a_problem_of_the_model() -> None:
    assert refused(b"no model at all")


def test_a_large_request_to_what_has_ended_is_no_other_error() -> None:
    assert refused(bytes(1 << 20))


def test_a_hang_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oracle, "TIME_LIMIT", 0.01)  # shorter than Python takes to start
    assert refused(MODEL) == "no answer within 0.01 s"
