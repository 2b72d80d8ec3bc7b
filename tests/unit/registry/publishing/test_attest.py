"""What an attestation says of a board, in one word: only what ran and was right is verified."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.registry import Published, attested, built, make_candidate, published_registry
from tinypack.boards import load_boards
from tinypack.errors import TinypackError
from tinypack.registry.package_index import Line
from tinypack.registry.publishing import pending
from tinypack.registry.publishing.add_attestation import add_attestation
from tinypack.registry.publishing.attest import board_results, make_attested
from tinypack.registry.publishing.inbox import hand_in
from tinypack.registry.publishing.merge import merge
from tinypack.registry.publishing.publish import make_change, publish_candidates
from tinypack.registry.publishing.record import AttestedResult
from tinypack.registry.trust import head as head_module
from tinypack.registry.trust.head import Head
from tinypack.registry.trust.keys import KeyFolder
from tinypack.registry.trust.rotation import rotate_key

RAN = {"status": "passed", "vectors": 14, "machine": "QEMU"}
SHA = "ab" * 32


def result(board: str = "native", format: str = "cmake", **fields: Any) -> AttestedResult:
    return AttestedResult(**{"artifact_sha256": SHA, "board": board, "format": format, **RAN, **fields})


@pytest.mark.parametrize(
    ("results", "status", "formats"),
    [
        ([result()], "verified", ["cmake"]),
        ([result(), result(format="arduino")], "verified", ["cmake", "arduino"]),
        ([result(), result(format="zephyr", status="not-run")], "verified", ["cmake"]),
        ([result(), result(format="arduino", status="failed")], "failed", ["cmake"]),
        ([result(status="compiled")], "compiled", []),
        ([result(status="compiled"), result(format="arduino", status="not-run")], "compiled", []),
        ([result(status="not-run")], "untested", []),
        ([result(vectors=0)], "untested", []),
        ([result(machine="")], "untested", []),
        ([], "untested", []),
    ],
)
def test_status_of_a_board(results: list[AttestedResult], status: str, formats: list[str]) -> None:
    rows = {row.board: row for row in board_results(results)}
    assert (rows["native"].status, rows["native"].formats) == (status, formats)
    assert set(rows) == set(load_boards())
    assert {row.status for board, row in rows.items() if board != "native"} == {"untested"}


def test_figures_are_those_of_the_first_that_passed() -> None:
    results = [
        result(format="arduino", status="not-run"),
        result(flash_bytes=100, instructions=7, compiler="GNU C11", flags="-Os", kernel_variant="dsp"),
        result(format="esp-idf", flash_bytes=200),
    ]
    row = next(row for row in board_results(results) if row.board == "native")
    assert (row.flash_bytes, row.instructions, row.compiler, row.machine) == (100, 7, "GNU C11", "QEMU")
    assert (row.flags, row.kernel_variant, row.vectors, row.stack_bytes) == ("-Os", "dsp", 14, None)


def test_boards_that_this_tinypack_does_not_know_are_kept() -> None:
    assert "my-own-board" in {row.board for row in board_results([result("my-own-board")])}


def test_whether_it_passed_is_counted_not_believed() -> None:
    candidate = make_candidate(statuses={"cmake": "failed"}, attestation={"passed": True})
    assert candidate.attestation is not None
    said = make_attested(candidate.attestation, candidate.attestation_file, "2026-11-24T19:00:00Z", "Ada")
    assert not said.passed
    assert said.file.size == len(candidate.attestation_file) and said.file.path.startswith("attestations/door-guard/")


def fresh(**changes: Any) -> bytes:
    """Make an attestation of the published package that is not there yet."""
    given = {"description": "Hears the door.", "license": "Apache-2.0"}
    record, _ = built("door-guard", "1.0.0", ("left", "right", "none"), 1, json.dumps(given, sort_keys=True))
    return json.dumps({**attested(record, {"zephyr": "passed"}), **changes}).encode()


def test_another_attestation_is_added_once(private: Published) -> None:
    said = add_attestation(private.url, private.keys, fresh(), "Bob")
    assert said.changed and said.outcome == "published"
    assert not add_attestation(private.url, private.keys, fresh(), "Bob").changed
    index = Head.read(private.store).index("door-guard")
    assert index is not None
    assert [signed.body.by for signed in index.lines[0].attestations] == ["Ada <ada@example.org>", "Bob"]
    assert private.store.read(index.lines[0].attestations[1].body.file.path) == fresh()


@pytest.mark.parametrize(
    ("data", "by", "code"),
    [
        (b"{}", "Bob", "bad-archive"),
        (fresh(package="other"), "Bob", "no-package"),
        (fresh(version="9.9.9"), "Bob", "no-package"),
        (fresh(results=[vars(result())]), "Bob", "refused"),
        (fresh(results=[]), "Bob", "refused"),
        (fresh(), "", "refused"),
        (fresh(), "Bob\n", "refused"),
    ],
)
def test_what_is_no_attestation_of_a_version(private: Published, data: bytes, by: str, code: str) -> None:
    before = private.store.read("metadata/timestamp.json")
    with pytest.raises(TinypackError) as caught:
        add_attestation(private.url, private.keys, data, by)
    assert {problem.code for problem in caught.value.problems} == {code}
    assert private.store.read("metadata/timestamp.json") == before


def test_anyone_may_attest_in_public(tmp_path: Path) -> None:
    registry = published_registry(tmp_path, mode="public")
    stranger = KeyFolder(tmp_path / "stranger")
    with pytest.raises(TinypackError, match="missing-key"):
        add_attestation(registry.url, stranger, fresh(), "Bob")
    key = stranger.generate("publisher")
    said = add_attestation(registry.url, stranger, fresh(), "Bob")
    assert said.submission.startswith("door-guard-1.0.0-")
    assert [each.verdict for each in merge(registry.url, registry.keys)] == ["merged"]
    index = Head.read(registry.store).index("door-guard")
    assert index is not None
    (_, added) = index.lines[0].attestations
    assert added.body.key == key.public and added.signatures[0].keyid == key.keyid


def test_strangers_neither_speak_for_a_publisher_nor_use_up_its_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = published_registry(tmp_path, mode="public")
    stranger = KeyFolder(tmp_path / "stranger")
    stranger.generate("publisher")
    results = json.loads(fresh())["results"]

    def attest(keys: KeyFolder, board: str, **changes: Any) -> str:
        """Say that all failed on some boards; give what a merge says."""
        made = [{**each, "status": "failed", "board": f"{board}{i or ''}", **changes} for i, each in enumerate(results)]
        add_attestation(registry.url, keys, fresh(results=made), "Ada <ada@example.org>")
        (judged,) = (each for each in merge(registry.url, registry.keys) if each.verdict != "refused before")
        return judged.verdict + "".join(problem.rule for problem in judged.problems)

    def line() -> Line:
        index = Head.read(registry.store).index("door-guard")
        assert index is not None
        return index.lines[0]

    assert attest(stranger, "native") == "merged"
    assert line().boards["native"].status == "verified"
    assert line().attestations[-1].body.who == "Ada <ada@example.org> (not the publisher)"
    with monkeypatch.context() as patch:
        patch.setattr(pending, "MOST_ATTESTED_BYTES", 10_000)
        assert "summed up in" in attest(stranger, "long", flags="x" * 1600)
    monkeypatch.setattr(pending, "MOST_STRANGERS", 2)
    assert attest(stranger, "a") == "merged"
    assert "others attest" in attest(stranger, "b")
    monkeypatch.setattr(pending, "MOST_STRANGERS", 9)
    monkeypatch.setattr(pending, "MOST_STRANGERS_BYTES", 10_000)
    assert "others attest" in attest(stranger, "c")
    made = [{**each, "status": "failed", "board": "d"} for each in results]
    assert add_attestation(registry.url, registry.keys, fresh(results=made), "Ada <ada@example.org>").changed
    assert line().boards["d"].status == "failed"


def test_an_index_that_is_full_stops_no_merge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = published_registry(tmp_path, mode="public")
    index = Head.read(registry.store).index("door-guard")
    assert index is not None
    add_attestation(registry.url, registry.publishers, fresh(), "Ada")
    publish_candidates([make_candidate("window-guard")], registry.url, registry.publishers)
    publish_candidates([make_candidate("zoo-guard")], registry.url, registry.publishers)
    monkeypatch.setattr(pending, "MOST_INDEX_BYTES", len(index.to_bytes()) + 1000)
    monkeypatch.setattr(Head, "is_full", lambda head, name: name == "zoo-guard")
    verdicts = {each.folder.id.partition("-1")[0]: each.verdict for each in merge(registry.url, registry.keys)}
    assert verdicts == {"door-guard": "refused", "window-guard": "merged", "zoo-guard": "refused"}


def test_a_part_of_a_registry_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    head = Head.read(published_registry(tmp_path, mode="public").store)
    assert not head.is_full("door-guard")
    monkeypatch.setattr(head_module, "MOST_PACKAGE_BYTES", 5 << 20)
    assert head.is_full("door-guard")


def test_a_revoked_online_key_says_nothing_new(tmp_path: Path) -> None:
    """Its thief hands in what it signed, in a private registry."""
    registry = published_registry(tmp_path)
    key = Head.read(registry.store).online_key(registry.keys)
    rotate_key(registry.store, registry.keys, "online")
    registry_id = Head.read(registry.store).chain.registry
    hand_in(registry.url, make_change(make_candidate(version="1.0.1"), None, False, key, registry_id, False))
    (judged,) = merge(registry.url, registry.keys)
    assert judged.verdict == "refused" and "online key of today" in judged.problems[0].rule
