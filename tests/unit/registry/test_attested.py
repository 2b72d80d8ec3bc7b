from __future__ import annotations

from typing import Any

import pytest

from tests.support.registry import make_candidate
from tinypack.registry.entries import Attested, BoardResult, BoardStatus, Method, Release, Signed, canonical
from tinypack.registry.package_index import Line
from tinypack.registry.publishing.attest import make_attested
from tinypack.registry.publishing.release import make_release


@pytest.mark.parametrize(
    ("passed", "statuses", "method", "outcome"),
    [
        (True, ["verified", "compiled"], "nodes", "passed"),
        (True, ["verified"], None, "passed"),
        (True, ["verified"], "outputs", "passed, outputs alone"),
        (True, ["verified"], "self-test", "passed, by its own self-test alone"),
        (False, ["failed", "verified"], "self-test", "failed"),
        (False, ["compiled", "untested"], "nodes", "only compiled"),
        (False, ["untested"], "nodes", "nothing ran"),
    ],
)
def test_outcome(passed: bool, statuses: list[BoardStatus], method: Method | None, outcome: str) -> None:
    boards = [BoardResult(board=f"board-{i}", status=status) for i, status in enumerate(statuses)]
    said = make().model_copy(update={"passed": passed, "boards": boards, "method": method})
    assert said.outcome == outcome


def test_a_statement_of_before_there_was_a_method_keeps_its_bytes() -> None:
    assert b"method" not in canonical(make().model_copy(update={"method": None}))


def test_the_method_is_stated() -> None:
    assert make().method == "nodes"
    assert make(method="self-test").method == "self-test"


def make(**changes: Any) -> Attested:
    given = make_candidate(attestation=changes)
    assert given.attestation is not None
    return make_attested(given.attestation, given.attestation_file, "2026-11-24T19:00:00Z", "Ada")


def test_what_was_only_compiled_goes_through() -> None:
    said = make()
    assert {result.status for result in said.boards} == {"verified", "untested"}
    real = {"board": "nano33ble", "status": "compiled", "compiler": "GNU C17 12.2.1", "flags": "-mcpu=cortex-m4"}
    real |= {"object_bytes": 748, "reason": "compiled, not run: nothing emulates a real board"}
    result = {"artifact_sha256": said.artifacts[0], "format": "cmake", **real}
    boards = {each.board: each for each in make(results=[result]).boards}
    found = boards.pop("nano33ble")
    assert (found.status, found.compiler, found.flags) == ("compiled", "GNU C17 12.2.1", "-mcpu=cortex-m4")
    # Objects are no program: nothing that could be taken for flash.
    assert (found.formats, found.machine, found.flash_bytes) == ([], "", None)
    assert {each.status for each in boards.values()} == {"untested"}
    assert make(results=[result]).outcome == "only compiled"


def test_of_what_ran_that_comes_first_which_was_compared_with_more() -> None:
    def line(*methods: tuple[Method, int]) -> Line:
        bodies = [
            make().model_copy(
                update={"method": method, "boards": [BoardResult(board="native", status="verified", vectors=vectors)]}
            )
            for method, vectors in methods
        ]
        release = make_release(make_candidate(), "2026-11-24T19:00:00Z", False)
        return Line(release=Signed[Release](body=release), attestations=[Signed[Attested](body=b) for b in bodies])

    assert line(("self-test", 4), ("nodes", 14), ("outputs", 20)).boards["native"].vectors == 14
    assert line(("nodes", 14), ("nodes", 20)).boards["native"].vectors == 14
