"""Records and attestations that mean harm, and what an index says of boards."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.registry.versions.packages import RECORD, facts
from tinypack.errors import TinypackError
from tinypack.registry.entries import BoardResult
from tinypack.registry.versions.compare import compare
from tinypack.registry.versions.facts import make_facts, with_results

BROKEN: list[dict[str, Any]] = [
    {"name": None},
    {"ram_bytes": -1},
    {"ram_bytes": 10**400},
    {"table_bytes": "many"},
    {"inputs": 7},
    {"inputs": [{"shape": ["x"], "dtype": "int8"}]},
    {"model": {}},
    {"features": [1]},
    {"features": json.loads("[" * 900 + "]" * 900)},
    {"decision": {"file": json.loads("[" * 900 + "]" * 900)}},
]


@pytest.mark.parametrize("keys", BROKEN, ids=range(len(BROKEN)))
def test_a_record_of_another_shape_is_refused(keys: dict[str, Any]) -> None:
    with pytest.raises(TinypackError, match="bad-archive") as caught:
        make_facts({**RECORD, **keys})
    assert len(str(caught.value)) < 1000


def test_an_attestation_of_another_shape_is_refused() -> None:
    with pytest.raises(TinypackError, match="bad-archive"):
        make_facts(RECORD, None, {"results": [{"board": 1}]})


def test_what_is_told_fits_a_line() -> None:
    hostile = ["\x1b[31m\n\u202e" * 1000]
    (change,) = compare(facts(), facts(labels=hostile)).changes
    assert len(str(change)) < 500 and str(change).isprintable()


def test_numbers_that_are_none_are_shown() -> None:
    strange = {"shape": [1, 490], "dtype": "int8", "scale": [float("nan")], "zero_point": []}
    assert "1 scales" in str(compare(facts(), facts(inputs=[strange])).changes[0])


def test_an_index_says_what_was_run() -> None:
    results = [
        BoardResult(board="native", status="verified", formats=["cmake", "zephyr"], flash_bytes=7),
        BoardResult(board="pico", status="compiled"),
        BoardResult(board="microbit", status="failed"),
    ]
    found = with_results(make_facts(RECORD), results)
    assert found.ran == {"native": "passed", "pico": "compiled", "microbit": "failed"}
    assert [(key, value.flash_bytes) for key, value in found.figures.items()] == [(("native", "cmake"), 7)]
