from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tinypack.boards import ALL, board, chosen_boards
from tinypack.errors import TinypackError
from tinypack.verify import debian, doctor
from tinypack.verify.board_tools import look_again
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
        self.unpacked: list[tuple[str, ...]] = []

    def __call__(self, argv: Sequence[str], *, time_limit: float, cwd: Path | None = None) -> Done:
        self.commands.append(list(argv))
        failed = any(word in argv for word in self.failing)
        return done(argv, 1, b"some text\nthe reason\n") if failed else done(argv)


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    made = Recorder()
    monkeypatch.setattr(debian, "run", made)
    monkeypatch.setattr(debian, "which", lambda name: Path("/usr/bin") / name)
    monkeypatch.setattr(debian, "unpack_beside", lambda suite, names: made.unpacked.append((suite, *names)))
    monkeypatch.setattr(doctor, "make_core_dir", lambda: Path())
    monkeypatch.setattr(doctor, "examine", lambda boards: [])
    monkeypatch.setattr("os.geteuid", lambda: 0)
    return made


def missing(*names: str) -> list[Finding]:
    return [Finding(name, "", None, False, "") for name in names]


def test_everything_is_looked_for_without_failing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("TINYPACK_CORE_DIR", "/nowhere")
    look_again()
    findings = {finding.name: finding for finding in doctor.examine(chosen_boards([ALL]))}
    look_again()
    assert findings["Python"].ok
    assert not findings["gcc"].ok and "apt-get install" in findings["gcc"].remedy
    library = findings["C library of arm-none-eabi-gcc"]
    assert not library.ok and "libnewlib-arm-none-eabi" in library.remedy
    newer = findings["qemu-system-arm of bookworm-backports"]
    assert newer.remedy == "tinypack doctor --board b-l475e-iot01a --fix"
    assert findings["Zephyr"].ok and findings["Zephyr"].found is None
    for finding in findings.values():
        assert finding.ok or finding.remedy, f"{finding.name} has no remedy"


def test_a_real_board_needs_its_compiler() -> None:
    findings = doctor.examine([board("nano33ble")])
    assert [f.needed_for for f in findings if "arm-none-eabi-gcc" in f.name] == ["board nano33ble"] * 2


def test_only_what_the_boards_need_is_looked_for() -> None:
    def names(*boards: str) -> set[str]:
        return {finding.name for finding in doctor.examine([board(name) for name in boards])}

    assert "riscv64-unknown-elf-gcc" in names("riscv32-virt")
    assert names("riscv32-virt") - names("native") == {
        "riscv64-unknown-elf-gcc",
        "C library of riscv64-unknown-elf-gcc",
        "qemu-system-riscv32",
    }


def test_requirements_are_those_of_the_project() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    stated = [*project["dependencies"], *project["optional-dependencies"]["verify"]]
    stated = [requirement.split(";")[0].strip() for requirement in stated]
    assert set(doctor.PIP_REQUIREMENTS.values()) <= set(stated)


def test_fix_runs_what_is_missing_and_nothing_else(recorder: Recorder) -> None:
    said: list[str] = []
    lacks = missing("C library of arm-none-eabi-gcc", "SCons", "qemu-system-arm of bookworm-backports")
    doctor.fix([], [*lacks, Finding("gcc", "", "12", True, "")], said.append)
    update, install, pip = recorder.commands
    assert update == ["apt-get", "update"]
    assert install[2:] == ["apt-get", "install", "-y", "--no-install-recommends", "libnewlib-arm-none-eabi"]
    assert pip[1:] == ["-m", "pip", "install", "scons>=4.8"]
    assert recorder.unpacked == [("bookworm-backports", "qemu-system-arm")]
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
            doctor.fix([], missing("git"), lambda _: None)
    else:
        doctor.fix([], missing("git"), lambda _: None)
    assert words in recorder.commands


def test_every_step_is_tried_before_failing(recorder: Recorder) -> None:
    recorder.failing = ("install",)
    with pytest.raises(TinypackError) as caught:
        doctor.fix([], missing("git", "SCons"), lambda _: None)
    assert [problem.found for problem in caught.value.problems] == ["the reason", "the reason"]
