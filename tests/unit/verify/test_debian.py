from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tinypack.verify.debian import Package, apt_packages, install_command, run_step

LIST = """\
# Words.

# group host
# for gcc
gcc
libc6-dev
# for git
git

# group newer from sid
# for arduino-cli
arduino-cli
"""


def test_packages_belong_to_what_they_bring(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text(LIST)
    assert apt_packages(tmp_path / "list.txt") == {
        "gcc": [Package("gcc"), Package("libc6-dev")],
        "git": [Package("git")],
        "arduino-cli": [Package("arduino-cli", "sid")],
    }


def test_packages_of_another_suite_have_no_command() -> None:
    command = install_command([Package("gcc"), Package("libc6-dev")])
    assert command == "apt-get install -y --no-install-recommends gcc libc6-dev"
    assert install_command([Package("arduino-cli", "sid")]) == ""


def test_a_step_imports_nothing_from_the_users_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "planted.py").touch()
    monkeypatch.chdir(tmp_path)
    (problem,) = run_step([sys.executable, "-m", "planted"], "a package")
    assert "No module named planted" in problem.found
