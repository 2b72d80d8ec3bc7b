from __future__ import annotations

from pathlib import Path

import pytest

from tinypack.errors import TinypackError
from tinypack.profile import counts
from tinypack.profile.counts import OUTSIDE, Executions, add, run_counted
from tinypack.verify.tools import Done

#: Two parts, the first with a loop around its call, and one whose end was never reached.
LINES = "0 0 8 2\n0 20 20 1\n0 20 100 5\n0 20 100 7\n1 0 8 3\n2 0 8 9\n"


def answer(code: int, totals: list[int], error: str = "") -> object:
    def run_firmware(board: str, elf: Path, stdin: bytes, limit: float, count: bool, options: list[Path]) -> object:
        Path(options[options.index("--profile") + 1]).write_text(LINES)  # type: ignore[call-overload]
        return Done((), code, b"said", error.encode(), 0.0, False), totals

    return run_firmware


def test_executions_are_told_apart_by_parts_and_sites(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "run_firmware", answer(1, [15, 3]))
    counted = run_counted(Path("a.elf"), "mps2-an386", "invoke")
    assert counted.done.code == 1
    first, second = counted.parts
    assert first.sites == {OUTSIDE: Executions({8: 2}), 0x20: Executions({0x20: 1, 0x100: 12})}
    assert first.executions == Executions({8: 2, 0x20: 1, 0x100: 12})
    assert (first.total, second.executions.total) == (15, 3)


@pytest.mark.parametrize(("code", "error"), [(69, "missing-tool"), (70, "run-failed"), (124, "run-failed")])
def test_a_program_that_does_not_end_by_itself(monkeypatch: pytest.MonkeyPatch, code: int, error: str) -> None:
    monkeypatch.setattr(counts, "run_firmware", answer(code, [], "first\nthe reason"))
    with pytest.raises(TinypackError, match="the reason") as raised:
        run_counted(Path("a.elf"), "mps2-an386")
    assert [problem.code for problem in raised.value.problems] == [error]


def test_sums() -> None:
    assert add([]) == Executions({})
    assert add([Executions({2: 1, 4: 5}), Executions({4: 1})]).by_address == {2: 1, 4: 6}
