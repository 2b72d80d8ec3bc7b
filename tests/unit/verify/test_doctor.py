from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tinypack.errors import TinypackError
from tinypack.verify import doctor
from tinypack.verify.doctor import Finding
from tinypack.verify.tools import Done

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROJECT = Path(__file__).parents[3]


def done(argv: Sequence[str], code: int = 0, stderr: bytes = b"") -> Done:
    return Done(tuple(argv), code, b"", stderr, 0.0, False)


class Recorder:
    """Stands for tools.run: notes the commands, fails those that hold one of `failing`."""

    def __init__(self, *failing: str) -> None:
        self.failing = failing
        self.commands: list[list[str]] = []

    def __call__(self, argv: Sequence[str], *, time_limit: float, env: Mapping[str, str] | None = None) -> Done:
        self.commands.append(list(argv))
        failed = any(word in argv for word in self.failing)
        return done(argv, 1, b"some text\nthe reason\n") if failed else done(argv)


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    made = Recorder()
    monkeypatch.setattr(doctor, "run", made)
    monkeypatch.setattr(doctor, "which", lambda name: Path("/usr/bin") / name)
    monkeypatch.setattr(doctor, "make_core_dir", lambda: Path())
    monkeypatch.setattr(doctor, "examine", lambda: [])
    monkeypatch.setattr("os.geteuid", lambda: 0)
    return made


def missing(*names: str) -> list[Finding]:
    return [Finding(name, "", None, False, "") for name in names]


def test_everything_is_looked_for_without_failing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    findings = {finding.name: finding for finding in doctor.examine()}
    assert findings["Python"].ok
    assert not findings["gcc"].ok and "apt-get install" in findings["gcc"].remedy
    assert not findings["newlib"].ok and "libnewlib-arm-none-eabi" in findings["newlib"].remedy
    assert findings["Zephyr"].ok and findings["Zephyr"].found is None
    for finding in findings.values():
        assert finding.ok or finding.remedy, f"{finding.name} has no remedy"


def test_every_entry_of_the_package_list_belongs_to_a_check() -> None:
    assert doctor.apt_packages().keys() <= {check.name for check in doctor.CHECKS}
    assert doctor.apt_packages()["gcc"] == ["gcc", "libc6-dev"]


def test_requirements_are_those_of_the_project() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    stated = [*project["dependencies"], *project["optional-dependencies"]["verify"]]
    stated = [requirement.split(";")[0].strip() for requirement in stated]
    assert set(doctor.PIP_REQUIREMENTS.values()) <= set(stated)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("gcc (Debian 12.2.0-14) 12.2.0\nmore 9.9", "12.2.0"),
        ("arm-none-eabi-gcc (15:12.2.rel1-1) 12.2.1 20221205", "12.2.1"),
        ("QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg)", "7.2.22"),
        ("1.11.1", "1.11.1"),
        ("tool (2.0.1)", "2.0.1"),
        ("no number", "yes"),
        ("", "yes"),
    ],
)
def test_versions_are_found(text: str, version: str) -> None:
    assert doctor._version_in(text) == version


def test_fix_runs_what_is_missing_and_nothing_else(recorder: Recorder) -> None:
    said: list[str] = []
    doctor.fix([*missing("newlib", "SCons"), Finding("gcc", "", "12", True, "")], said.append)
    update, install, pip = recorder.commands
    assert update == ["apt-get", "update"]
    assert install[2:] == ["apt-get", "install", "-y", "--no-install-recommends", "libnewlib-arm-none-eabi"]
    assert pip[1:] == ["-m", "pip", "install", "scons>=4.8"]
    assert len(said) == 3


@pytest.mark.parametrize(
    ("failing", "words"),
    [
        ((), ["sudo", "-n", "apt-get", "update"]),
        (("true",), ["sudo", "-n", "true"]),
    ],
)
def test_without_root_sudo_is_tried(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch, failing: tuple[str, ...], words: list[str]
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    recorder.failing = failing
    if failing:
        with pytest.raises(TinypackError, match="as root: apt-get install -y --no-install-recommends git"):
            doctor.fix(missing("git"), lambda _: None)
    else:
        doctor.fix(missing("git"), lambda _: None)
    assert words in recorder.commands


def test_every_step_is_tried_before_failing(recorder: Recorder) -> None:
    recorder.failing = ("install",)
    with pytest.raises(TinypackError) as caught:
        doctor.fix(missing("git", "SCons"), lambda _: None)
    assert [problem.found for problem in caught.value.problems] == ["the reason", "the reason"]


def test_an_emulator_without_the_machine_is_not_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: dict[Any, str] = {"help": "Supported machines are:\nmps2-an385  one\n", "--version": "QEMU 7.2.0"}
    monkeypatch.setattr(doctor, "_answer", lambda argv: answers[argv[-1]])
    assert doctor._qemu() is None
    answers["help"] += "mps2-an386  other\n"
    assert doctor._qemu() == "7.2.0"
