from __future__ import annotations

import json
from pathlib import Path

import pytest

from tinypack.boards import board
from tinypack.verify.report import Attestation, Result, Status, by_reason, count, printable, tally

RECORD = {
    "name": "kws",
    "version": "1.2.3",
    "oracle": "an oracle 1",
    "model": {"sha256": "ab"},
    "artifacts": [{"format": "cmake", "sha256": "cd"}],
}


def attestation(*states: Status) -> Attestation:
    results = [Result("kws", "1.2.3", "cd", "cmake", "native", state, seconds=0.5) for state in states]
    return Attestation(RECORD, results, Path("kws.attestation.json"))


@pytest.mark.parametrize(
    ("states", "whole"),
    [
        (["passed"], "passed"),
        (["passed", "not-run"], "passed"),
        (["passed", "failed"], "failed"),
        (["failed"], "failed"),
        (["passed", "compiled", "not-run"], "passed"),
        (["compiled", "failed"], "failed"),
        # What was only compiled is no proof, nor is what nobody ran.
        (["compiled", "not-run"], "compiled"),
        (["not-run"], "not-run"),
        ([], "not-run"),
    ],
)
def test_passed(states: list[Status], whole: Status) -> None:
    assert attestation(*states).status == whole
    assert attestation(*states).passed is (whole == "passed")
    assert attestation(*states).to_json()["passed"] is (whole == "passed")


def test_json_says_what_was_run_on_which_bytes() -> None:
    data = json.loads(json.dumps(attestation("passed", "not-run").to_json()))
    assert (data["package"], data["version"], data["oracle"]) == ("kws", "1.2.3", "an oracle 1")
    assert data["artifacts"] == RECORD["artifacts"]
    first, second = data["results"]
    assert (first["artifact_sha256"], first["status"], second["status"]) == ("cd", "passed", "not-run")
    # What was not measured is null, never zero.
    assert {first[name] for name in ("flash_bytes", "ram_bytes", "stack_bytes", "instructions")} == {None}


def test_results_are_counted() -> None:
    results = attestation("passed", "not-run", "passed").results
    assert count(results) == {"passed": 2, "failed": 0, "compiled": 0, "not-run": 1}
    assert tally(results) == "2 passed, 0 failed, 0 compiled, 1 not-run"


def test_places_are_gathered_by_reason() -> None:
    places = [("cmake", "a", "no gcc"), ("cmake", "b", "too big"), ("zephyr", "a", "no gcc"), ("zephyr", "b", "no gcc")]
    results = [Result("kws", "1", "", *place, "not-run", reason) for *place, reason in places]
    results.append(Result("kws", "1", "", "arduino", "a", "failed", "no gcc"))
    assert by_reason(results) == {"no gcc": "cmake on a; zephyr on a, b", "too big": "cmake on b"}


@pytest.mark.parametrize(
    ("name", "state", "done"),
    [
        ("native", "passed", True),
        ("native", "compiled", False),
        ("nano33ble", "compiled", True),
        ("nano33ble", "not-run", False),
        ("mps2-an386", "passed", False),
    ],
)
def test_what_can_be_done_on_a_board(name: str, state: Status, done: bool) -> None:
    results = [Result("kws", "1", "", "cmake", "native" if name != "nano33ble" else name, state)]
    assert Attestation(RECORD, results, Path()).done_on(board(name)) is done


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("a\tb\nc é 中 😀", "a\tb\nc é 中 😀"),
        ("\0 \x1b[31m \r \x7f \x9b", r"\x00 \x1b[31m \x0d \x7f \x9b"),
        ("\udcff \uffff", r"\xdcff \xffff"),
    ],
)
def test_what_no_page_may_hold_is_written_out(text: str, printed: str) -> None:
    assert printable(text) == printed
    assert printable(text).encode()
