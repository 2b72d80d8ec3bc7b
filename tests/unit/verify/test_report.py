from __future__ import annotations

import json
from pathlib import Path

import pytest

from tinypack.verify.report import Attestation, Result, Status

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
    ("states", "passed"),
    [
        (["passed"], True),
        (["passed", "not-run"], True),
        (["passed", "failed"], False),
        (["failed"], False),
        # What nobody ran is no proof.
        (["not-run"], False),
        ([], False),
    ],
)
def test_passed(states: list[Status], passed: bool) -> None:
    assert attestation(*states).passed is passed
    assert attestation(*states).to_json()["passed"] is passed


def test_json_says_what_was_run_on_which_bytes() -> None:
    data = json.loads(json.dumps(attestation("passed", "not-run").to_json()))
    assert (data["package"], data["version"], data["oracle"]) == ("kws", "1.2.3", "an oracle 1")
    assert data["artifacts"] == RECORD["artifacts"]
    first, second = data["results"]
    assert (first["artifact_sha256"], first["status"], second["status"]) == ("cd", "passed", "not-run")
    # What was not measured is null, never zero.
    assert {first[name] for name in ("flash_bytes", "ram_bytes", "stack_bytes", "instructions")} == {None}
