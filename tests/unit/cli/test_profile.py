"""`tinypack profile`, with figures that are made up."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.support.models import model_bytes
from tests.support.profiles import BOARD, make_profile
from tinypack.cli import profile_command
from tinypack.profile.measure import Profile


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def profile_project(project: object, targets: Sequence[object], opts: Sequence[str], say: object) -> list[Profile]:
        return [make_profile(opt=opt) for _ in targets for opt in opts]

    monkeypatch.setattr(profile_command, "profile_project", profile_project)
    monkeypatch.setattr(profile_command, "chosen_targets", lambda names: [BOARD])
    (tmp_path / "hello.tflite").write_bytes(model_bytes("hello_world_int8"))
    return tmp_path / "hello.tflite"


def run(*args: object) -> str:
    done = CliRunner().invoke(profile_command.command, [*map(str, args)])
    assert done.exit_code == 0, done.output
    return done.output


def test_tables(model: Path) -> None:
    lines = run(model).splitlines()
    assert any(
        line.split() == ["0", "CONV_2D", "1x5x5x8", "2,000", "3,000", "99.3", "%", "1.50", "6,000"] for line in lines
    )
    assert any(line.split() == ["total", "2,000", "3,021", "1.51", "6,000"] for line in lines)
    assert any(line.split()[:2] == ["mps2-an386", "-O2"] and "1,010" in line for line in lines)
    assert "300 ms at 0.02 MHz, estimated" in lines
    assert any("644" in line and "0.25 (3 files)" in line for line in lines)


def test_files(model: Path, tmp_path: Path) -> None:
    files = ("--json", tmp_path / "a.json", "--draw", tmp_path / "a.html")
    assert run(model, "--opt", "-O2", "--opt", "-Os", *files, "-q") == ""
    found = json.loads((tmp_path / "a.json").read_text())
    assert [each["opt"] for each in found] == ["-O2", "-Os"]
    assert found[0]["flash"]["package"] == 1_400 and found[0]["beyond_weights"] == 1_010
    assert [layer["instructions"] for layer in found[0]["layers"]] == [3_000, 20, 1]
    assert found[0]["ram"]["total"] == 644
    assert (tmp_path / "a.html").is_file()
