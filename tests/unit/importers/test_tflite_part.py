"""The end of a model as a model of its own: the oracle gives the same for it as for the whole."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from tests.support.fused_model import FEATURES, fused
from tests.support.model_builder import Op, T, build
from tests.support.models import model_bytes
from tests.support.mutants import by_bytes
from tinypack.errors import TinypackError
from tinypack.importers.tflite import import_tflite
from tinypack.importers.tflite_part import end_of_model
from tinypack.oracle import run_oracle
from tinypack.vectors import vector

LAST = 21  # of the front end's operators


def branches() -> bytes:
    """Both outputs of the first two operators go into the third."""
    x = T((1, 6), scale=0.5)
    return build([x] * 4, [Op("RELU", (0,), (1,)), Op("RELU6", (0,), (2,)), Op("ADD", (1, 2), (3,))], [0], [3])


#: Where models are cut: behind an operator, at tensors.
CUTS: dict[str, tuple[Callable[[], bytes], int, tuple[int, ...]]] = {
    "fused": (fused, LAST, (FEATURES,)),
    "two inputs": (branches, 1, (2, 1)),
    "an odd number of bytes": (lambda: branches() + b"\0", 1, (1, 2)),
    "kws_ref_model": (lambda: model_bytes("kws_ref_model"), 4, ()),
    "hello_world_int8": (lambda: model_bytes("hello_world_int8"), 0, ()),
}


@pytest.mark.parametrize(("make", "last", "keys"), CUTS.values(), ids=CUTS)
def test_gives_what_the_whole_gives(make: Callable[[], bytes], last: int, keys: tuple[int, ...]) -> None:
    model = make()
    whole = import_tflite(model, "whole")
    keys, first = keys or whole.nodes[last].outputs, last + 1
    behind = [node.outputs[0] for node in whole.nodes[first:]]
    (found,) = run_oracle(model, whole, [vector(whole, 1)], [*keys, *behind])
    inner, wanted = found[: len(keys)], found[len(keys) :]
    end = replace(whole, nodes=whole.nodes[first:], inputs=keys, first=first)
    for given in ([inner], [[array * 0 for array in inner], inner]):
        *_, same = run_oracle(model, end, given, behind)
        assert [array.tolist() for array in same] == [array.tolist() for array in wanted]


def test_is_the_same_file_otherwise() -> None:
    model = fused()
    end = end_of_model(model, LAST + 1, [FEATURES])
    changed = np.flatnonzero(np.frombuffer(model, np.uint8) != np.frombuffer(end, np.uint8, len(model)))
    # Offsets of both lists, and a count of operators; at the end the new list.
    assert 0 < len(changed) <= 12 and len(end) - len(model) == 8
    whole, rest = import_tflite(model, "whole"), import_tflite(end, "end")
    assert (rest.inputs, rest.outputs) == ((FEATURES,), whole.outputs)
    assert [(n.op, n.inputs, n.outputs) for n in rest.nodes] == [
        (n.op, n.inputs, n.outputs) for n in whole.nodes[LAST + 1 :]
    ]


@pytest.mark.parametrize("first", [-1, 0, 4])
def test_refuses_what_is_not_there(first: int) -> None:
    with pytest.raises(TinypackError, match=f"3 operators, where {first} come first"):
        end_of_model(branches(), first, [1])


def test_damaged_files_give_errors_or_files() -> None:
    rng, kept = random.Random(3), 0
    for _ in range(300):
        try:
            kept += len(end_of_model(by_bytes("kws_ref_model", rng), 2, [3])) > 0
        except TinypackError as error:
            assert error.problems[0].code == "bad-model"
    assert 0 < kept < 300
