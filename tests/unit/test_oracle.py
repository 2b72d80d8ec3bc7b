from __future__ import annotations

import subprocess
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

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


@pytest.mark.parametrize(("most_bytes", "processes"), [(oracle.MOST_BYTES, 1), (2 * 6, 2), (0, 3)])
def test_only_one_vector_is_under_way(most_bytes: int, processes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []

    def start(*args: Any, **options: Any) -> subprocess.Popen[bytes]:
        started.append(args)
        return subprocess.Popen(*args, **options)

    monkeypatch.setattr(oracle, "MOST_BYTES", most_bytes)
    monkeypatch.setattr(oracle, "subprocess", SimpleNamespace(Popen=start))
    asked = []

    def vectors() -> Iterator[list[np.ndarray]]:
        for value in (-7, 0, 9):
            asked.append(value)
            yield vector(value)

    for i, (found,) in enumerate(run_oracle(MODEL, GRAPH, vectors(), [1]), 1):
        assert len(asked) == i
        np.testing.assert_array_equal(found, np.full(X.shape, max(0, asked[-1]), np.int8), strict=True)
    assert (len(asked), len(started)) == (3, processes)


def test_a_model_that_it_refuses_is_a_problem_of_the_model() -> None:
    assert refused(b"no model at all")


def test_a_large_request_to_what_has_ended_is_no_other_error() -> None:
    assert refused(bytes(1 << 20))


def test_a_hang_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oracle, "TIME_LIMIT", 0.01)  # shorter than Python takes to start
    assert refused(MODEL) == "no answer within 0.01 s"
