"""`tinypack replay` in Python, and with boards whose answers are made up."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.unit.replay.projects import PROJECTS
from tinypack.boards import Board
from tinypack.cli import replay_command
from tinypack.errors import TinypackError
from tinypack.package import Content
from tinypack.replay.lines import Row
from tinypack.replay.run import Timeline

Change = Callable[[list[Row]], list[Row]]
#: What a board makes of Python's results -> exit code, "equal" in JSON, and what the table's last line says.
ANSWERS: dict[str, tuple[Change, int, int, str]] = {
    "same": (lambda rows: rows, 0, 0, "native: the same"),
    "other": (lambda rows: [replace(rows[0], text="t=1 x=0"), *rows[1:]], 0, 1, "native: 1 different"),
    "missing": (lambda rows: rows[:-2], 0, 1, "native: 2 missing"),
    "extra": (lambda rows: [*rows, Row(10**6, "t=1000000", rows[0].members)], 0, 1, "native: 1 too many"),
    "lost": (lambda rows: rows, 7, 1, "native: 7 samples lost"),
}


@pytest.fixture
def imu(tmp_path: Path) -> Path:
    PROJECTS["imu"].write(tmp_path)
    return tmp_path


def run(*args: object) -> Result:
    return CliRunner().invoke(replay_command.command, [*map(str, args)])


@pytest.mark.parametrize("name", ANSWERS)
def test_the_exit_code_says_whether_boards_give_the_same(name: str, imu: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change, lost, code, words = ANSWERS[name]
    ours: list[Row] = []
    in_python = replay_command.replay

    def remembered(*args: object) -> object:
        found = in_python(*args)  # type: ignore[arg-type]
        ours[:] = found.timeline.rows
        return found

    def answer(content: Content, board: Board, paths: Sequence[Path], rate: float | None, wait: bool) -> Timeline:
        return Timeline(board.id, change(ours), lost)

    monkeypatch.setattr(replay_command, "replay", remembered)
    monkeypatch.setattr(replay_command, "replay_on_board", answer)
    shown = run(imu, imu / "motion.csv")
    assert (shown.exit_code, shown.stdout.splitlines()[-1]) == (code, words)
    plain = run(imu, imu / "motion.csv", "--json")
    python, native = json.loads(plain.stdout)
    assert plain.exit_code == code
    assert (python["place"], python["equal"], native["place"]) == ("python", True, "native")
    assert (native["equal"], native["lost"]) == (code == 0, lost)


def test_results_for_machines(imu: Path) -> None:
    (found,) = json.loads(run(imu, imu / "motion.csv", "--python", "--json").stdout)
    first = found["results"][0]
    assert list(first) == ["time_ms", "index", "score", "is_accepted", "is_new", "label"]
    assert [type(value) for value in first.values()] == [int, int, float, int, int, str]
    assert run(imu, imu / "motion.csv", "--python", "--quiet").stdout == ""


def test_wrong_use(imu: Path) -> None:
    assert run(imu, imu / "motion.csv", "--python", "--board", "native").exit_code == 2
    assert run(imu, imu / "none.csv").exit_code == 2
    assert run(imu).exit_code == 2
    assert run(imu, imu / "motion.csv", "--rate", "0").exit_code == 2


@pytest.mark.parametrize(
    ("args", "code"), [(("--board", "abacus"), "unknown-board"), (("--draw", "timeline.gif"), "io")]
)
def test_what_the_user_can_mend(args: tuple[str, str], code: str, imu: Path) -> None:
    found = run(imu, imu / "motion.csv", *args).exception
    assert isinstance(found, TinypackError)
    assert [problem.code for problem in found.problems] == [code]


def test_a_project_without_features_has_nothing_to_replay(imu: Path) -> None:
    manifest = imu / "tinypack.toml"
    manifest.write_text(manifest.read_text().partition("[features]")[0])
    found = run(imu, imu / "motion.csv", "--python").exception
    assert isinstance(found, TinypackError)
    assert "must have a section [features]" in str(found)
