from __future__ import annotations

from pathlib import Path

import pytest

from tinypack.verify.beside import beside, program


def make_program(folder: Path) -> Path:
    folder.mkdir(parents=True)
    path = folder / "a-tool"
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_a_program_is_taken_from_the_path_then_from_the_suite(
    core: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert program("sid", "a-tool") is None
    unpacked = make_program(beside("sid") / "usr" / "bin")
    assert program("sid", "a-tool") == unpacked
    assert program("trixie", "a-tool") is None
    assert program("sid", "a-tool") != make_program(tmp_path / "bin") == program("sid", "a-tool")
