from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import count
from typing import Any

import pytest

from tinypack.boards import board
from tinypack.errors import TinypackError
from tinypack.formats import FORMATS
from tinypack.package import Built
from tinypack.verify import compiled, emulated, matrix
from tinypack.verify.board_tools import Tool, board_tools
from tinypack.verify.matrix import BUILDS, run_matrix
from tinypack.verify.reference import Reference
from tinypack.verify.report import Result
from tinypack.verify.tools import run

NOTHING = Reference((), (), {}, b"")
BOARDS = ("native", "mps2-an386")


@pytest.fixture(autouse=True)
def everything_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand for building and running on a machine that has every tool but Zephyr."""
    monkeypatch.setattr(emulated, "check", answer("passed"))
    monkeypatch.setattr(emulated, "board_tools", tools())
    monkeypatch.delenv("ZEPHYR_BASE", raising=False)


def tools(lacking: str = "") -> Callable[[str], list[Tool]]:
    """Stand for a machine that has what a board needs but for one thing."""
    return lambda name: [
        Tool(tool.name, partial(lambda name: None if name == lacking else "1.0", tool.name))
        for tool in board_tools(name)
    ]


def answer(status: str) -> Callable[..., Result]:
    return lambda build, artifact, board, names, reference, result: replace(result, status=status)


def states(built: Built, *boards: str, **record: Any) -> dict[tuple[str, str], tuple[str, str]]:
    """Run the matrix; (format, board) -> (status, reason)."""
    changed = replace(built, record={**built.record, **record})
    found = run_matrix(changed, [board(name) for name in boards], NOTHING, lambda _: None)
    return {(result.format, result.board): (result.status, result.reason) for result in found}


def test_every_format_can_be_verified() -> None:
    assert {*BUILDS, "zephyr"} == set(FORMATS)


def test_results_stand_in_order_and_say_which_archive(built: Built) -> None:
    said: list[str] = []
    found = run_matrix(built, [board(name) for name in BOARDS], NOTHING, said.append)
    assert [(r.format, r.board) for r in found] == [(f, b) for f in FORMATS for b in BOARDS]
    assert {r.artifact_sha256 for r in found} == {artifact.sha256 for artifact in built.artifacts}
    assert {line.rpartition(" (")[0] for line in said} == {f"{r.format} on {r.board}: {r.status}" for r in found}
    assert [line.rpartition(" (")[2] for line in said] == [f"{i} of {len(found)})" for i in range(1, len(found) + 1)]


def test_without_zephyr_its_module_is_not_run(built: Built) -> None:
    found = states(built, "native")
    assert found.pop(("zephyr", "native")) == ("not-run", "ZEPHYR_BASE is not set")
    assert set(found.values()) == {("passed", "")}


def test_for_a_real_board_all_formats_are_compiled_and_none_is_run(
    built: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "missing", lambda board: "")
    monkeypatch.setattr(compiled, "check", lambda a, board, names, result: replace(result, status="compiled"))
    found = states(built, "nano33ble", "native")
    assert {found[format, "nano33ble"] for format in FORMATS} == {("compiled", "")}
    assert found["cmake", "native"] == ("passed", "")


def test_a_real_board_of_an_unknown_core_is_not_run(built: Built) -> None:
    ((status, reason),) = set(states(built, "esp32-s3-devkitc-1").values())
    assert status == "not-run" and reason.endswith("no compiler is known for its core lx7")


@pytest.mark.parametrize("lacking", ["arm-none-eabi-gcc", "qemu-system-arm"])
def test_without_a_tool_a_board_is_not_run(lacking: str, built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(emulated, "board_tools", tools(lacking))
    found = states(built, *BOARDS)
    for format in BUILDS:
        assert found[format, "native"] == ("passed", "")
        status, reason = found[format, "mps2-an386"]
        assert status == "not-run"
        assert lacking in reason and "tinypack doctor --board mps2-an386 --fix" in reason


@pytest.mark.parametrize(
    ("needs", "said"), [({"ram_bytes": 2**40}, "B of RAM"), ({"table_bytes": 2**40}, "B of flash")]
)
def test_what_does_not_fit_is_not_run(needs: dict[str, int], said: str, built: Built) -> None:
    for status, reason in states(built, "mps2-an386", **needs).values():
        assert status == "not-run"
        assert f"{2**40:,} {said}" in reason


@pytest.mark.parametrize("code", ["build-failed", "missing-tool", "bad-archive"])
def test_an_error_fails_its_pair_and_no_other(code: str, built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    def check(build: Any, artifact: Any, board: Any, names: Any, reference: Any, result: Result) -> Result:
        if (artifact.format, board.id) == ("cmake", "native"):
            raise TinypackError.one(code, "somewhere", "a rule")
        return replace(result, status="passed")

    monkeypatch.setattr(emulated, "check", check)
    found = states(built, *BOARDS)
    status, reason = found.pop(("cmake", "native"))
    assert status == "failed" and f"error[{code}]: somewhere" in reason
    assert {found[format, name][0] for format, name in found if format != "zephyr"} == {"passed"}


def test_failed_stays_failed(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrix.emulated, "check", answer("failed"))
    assert {status for (format, _), (status, _) in states(built, "native").items() if format in BUILDS} == {"failed"}


def test_what_breaks_it_off_stops_all_that_runs(built: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first job that ends is followed by Ctrl-C; the others would run for long."""
    numbers, begun = count(), []

    def check(build: Any, artifact: Any, board: Any, names: Any, reference: Any, result: Result) -> Result:
        number = next(numbers)
        begun.append(number)
        if number > 0:
            run([sys.executable, "-c", "import time; time.sleep(600)"], time_limit=600)
        return replace(result, status="passed")

    def interrupt(_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(emulated, "check", check)
    monkeypatch.setattr(matrix.os, "cpu_count", lambda: 2)
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run_matrix(built, [board(name) for name in BOARDS], NOTHING, interrupt)
    assert time.monotonic() - start < 60
    # One ended, two ran, and of the queue no more is begun.
    assert len(begun) <= 3
