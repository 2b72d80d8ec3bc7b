from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.support.models import model_bytes
from tinypack.cli import verify_command
from tinypack.errors import TinypackError
from tinypack.registry import repeat
from tinypack.verify import report
from tinypack.verify.report import Attestation, Rebuilt

Call = Callable[..., Result]


def attestation(name: str, **boards: str) -> Attestation:
    """Stand for a verification: board -> status."""
    record = {"name": name, "version": "0.1.0", "oracle": "an oracle 1", "model": {"sha256": "ab"}, "artifacts": []}
    results = [
        report.Result(name, "0.1.0", "", "cmake", board, status, "" if status == "passed" else f"why {status}")  # type: ignore[arg-type]
        for board, status in boards.items()
    ]
    return Attestation(record, results, Path(f"{name}.attestation.json"))


GOOD = attestation("good", native="passed", pico="not-run")
BAD = attestation("bad", native="passed", pico="failed")
REAL = attestation("real", native="not-run", pico="compiled")
BOTH = attestation("both", native="passed", pico="compiled")
IDLE = attestation("idle", native="not-run", pico="not-run")


@pytest.fixture
def verify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Call the command where verifying gives these attestations."""
    monkeypatch.chdir(tmp_path)

    def call(attestations: Sequence[Attestation], *args: object) -> Result:
        def verify_packages(projects: Sequence[Path], *rest: Any, **more: Any) -> Sequence[Attestation]:
            assert len(projects) == max(1, len(attestations))
            more["progress"]("under way")
            return attestations

        monkeypatch.setattr(verify_command, "verify_packages", verify_packages)
        projects = [tmp_path] * (len(attestations) if len(attestations) > 1 else 0)
        return CliRunner().invoke(verify_command.command, [*map(str, projects), *map(str, args)])

    return call


@pytest.mark.parametrize(
    ("attestations", "boards", "code", "said"),
    [
        ([GOOD], (), 0, ""),
        ([GOOD], ("all",), 0, ""),
        ([GOOD], ("all", "native"), 0, ""),
        # A board that is named must run.
        ([GOOD], ("microbit",), 1, "good 0.1.0: nothing passed on the board microbit\n"),
        ([GOOD], ("all", "microbit"), 1, "good 0.1.0: nothing passed on the board microbit\n"),
        # A real one must compile, and that is no proof of anything else.
        ([GOOD], ("pico",), 1, "good 0.1.0: nothing compiled for the board pico\n"),
        ([REAL], ("pico",), 0, ""),
        ([REAL], ("pico", "native"), 1, "real 0.1.0: nothing passed on the board native\n"),
        ([REAL], ("pico", "all"), 1, "real 0.1.0: 0 passed, 0 failed, 1 compiled, 1 not-run\n"),
        ([REAL], (), 1, "real 0.1.0: 0 passed, 0 failed, 1 compiled, 1 not-run\n"),
        ([BOTH], ("pico", "native"), 0, ""),
        ([BOTH], (), 0, ""),
        ([BAD], ("native",), 1, "bad 0.1.0: 1 passed, 1 failed, 0 compiled, 0 not-run\n"),
        ([BAD], ("all",), 1, "bad 0.1.0: 1 passed, 1 failed, 0 compiled, 0 not-run\n"),
        ([IDLE], ("all",), 1, "idle 0.1.0: 0 passed, 0 failed, 0 compiled, 2 not-run\n"),
        ([GOOD, BAD], (), 1, "bad 0.1.0: 1 passed, 1 failed, 0 compiled, 0 not-run\n"),
        ([GOOD, GOOD], (), 0, ""),
    ],
)
def test_exit_code(
    attestations: list[Attestation], boards: tuple[str, ...], code: int, said: str, verify: Call
) -> None:
    done = verify(attestations, *(f"--board={name}" for name in boards))
    assert (done.exit_code, done.stderr) == (code, f"under way\n{said}")


def test_what_is_shown(verify: Call) -> None:
    shown = verify([GOOD, BAD]).stdout
    assert "good 0.1.0 against an oracle 1" in shown and "bad 0.1.0 against" in shown
    assert "cmake on pico: why not-run\n" in shown and "cmake on pico: why failed\n" in shown
    assert shown.endswith("\n2 passed, 1 failed, 0 compiled, 1 not-run\n")


@pytest.mark.parametrize(
    ("attestation", "args", "said"),
    [
        (GOOD, (), []),
        (BAD, (), ["cmake on pico: why failed", "1 passed, 1 failed, 0 compiled, 0 not-run"]),
        (IDLE, (), ["cmake on native, pico: why not-run", "0 passed, 0 failed, 0 compiled, 2 not-run"]),
        (GOOD, ("-bpico",), ["cmake on pico: why not-run", "nothing compiled for the board pico"]),
    ],
)
def test_quiet_says_what_went_wrong(
    attestation: Attestation, args: Sequence[str], said: list[str], verify: Call
) -> None:
    done = verify([attestation], "--quiet", *args)
    assert done.stdout == ""
    assert done.stderr.splitlines() == [f"{attestation.title}: {line}" for line in said]


@pytest.mark.parametrize("attestations", [[GOOD], [BAD], [GOOD, BAD]])
def test_reports_are_written_whatever_came_out(attestations: list[Attestation], tmp_path: Path, verify: Call) -> None:
    verify(attestations, "--html=new/a.html", "--junit=a.xml", "--json=a.json")
    assert (tmp_path / "new" / "a.html").read_text().startswith("<!DOCTYPE html>")
    assert "<testsuites" in (tmp_path / "a.xml").read_text()
    data = [attestation.to_json() for attestation in attestations]
    assert json.loads((tmp_path / "a.json").read_text()) == (data if len(data) > 1 else data[0])


@pytest.mark.parametrize(("option", "begins"), [("--html", "<!DOCTYPE"), ("--junit", "<?xml"), ("--json", "{")])
def test_a_report_can_be_printed_alone(option: str, begins: str, verify: Call) -> None:
    done = verify([BAD], option, "-")
    assert done.stdout.startswith(begins)
    assert "against" not in done.stdout
    assert "bad 0.1.0: cmake on pico: why failed" in done.stderr


@pytest.mark.parametrize("option", ["--html", "--junit", "--json"])
def test_a_bad_place_is_refused_before_the_work(option: str, tmp_path: Path, verify: Call) -> None:
    (tmp_path / "file").touch()
    done = verify([GOOD], option, "file/report")
    assert isinstance(done.exception, TinypackError)
    assert verify([GOOD], option, tmp_path).exit_code == 2
    assert verify([GOOD], "--html=same", "--junit=same").exit_code == 2
    assert "under way" not in done.stderr


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("kws@1.0.0",), 2, "kws@1.0.0 needs --registry"),
        (("kws",), 2, "there is no 'kws'"),
        (("kws@1.0.0", "--registry=r", "--submit"), 2, "--by to say who attests"),
        (("--submit", "--by=Ada"), 2, "--submit needs NAME@VERSION"),
    ],
)
def test_wrong_use_of_registries(args: Sequence[str], code: int, said: str, verify: Call) -> None:
    done = verify([GOOD], *args)
    assert done.exit_code == code and said in done.stderr


def test_packages_of_a_registry(tmp_path: Path, verify: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def repeat_all(*args: Any) -> list[Attestation]:
        asked.extend(args[:3])
        return [replace(GOOD, method="self-test"), replace(GOOD, rebuilt=Rebuilt("0.1.0", ("cmake",)))]

    def submit_all(address: str, attestations: list[Attestation], by: str, key: str) -> list[str]:
        return [f"{len(attestations)} of {by} by {key}"]

    monkeypatch.setattr(repeat, "repeat_all", repeat_all)
    monkeypatch.setattr(repeat, "submit_all", submit_all)
    words = ["a@1.0.0", "b@2.0.0", "--registry=R", "-bnative", "--submit", "--by=Ada", "--key=ada"]
    done = verify([], *words)
    assert asked == ["R", ["a@1.0.0", "b@2.0.0"], ("native",)]
    assert "only the archives' own self-tests ran" in done.stdout
    assert "these archives have other bytes: cmake" in done.stdout
    assert done.stderr.splitlines() == [
        "warning: a@1.0.0, b@2.0.0: code that others wrote is built and run here, as you",
        "good 0.1.0: archives that are not what their source gives: cmake",
        "2 of Ada by ada",
    ]
    assert done.exit_code == 1


def test_a_path_with_an_at_sign_is_a_project(tmp_path: Path, verify: Call) -> None:
    (tmp_path / "a@1.0.0").mkdir()
    assert verify([GOOD], "a@1.0.0").exit_code == 0


def test_what_foreign_programs_say_can_not_steer_the_terminal(verify: Call) -> None:
    bad = attestation("bad", native="failed")
    results = [replace(bad.results[0], reason="\x1b[2Jdone")]
    assert r"\x1b[2Jdone" in verify([replace(bad, results=results)]).stdout


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_ctrl_c_leaves_no_half_written_file(tmp_path: Path) -> None:
    (tmp_path / "hello.tflite").write_bytes(model_bytes("hello_world_int8"))
    code = "from tinypack.cli import main; main()"
    args = ["verify", "hello.tflite", "--board=native", "--format=cmake", "--html=a.html"]
    env = {**os.environ, "TINYPACK_CORE_DIR": str(tmp_path / "core")}
    with subprocess.Popen(
        [sys.executable, "-c", code, *args], cwd=tmp_path, env=env, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert "ask the oracle\n" in iter(process.stderr.readline, "")
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
    assert (process.returncode, said) == (130, "interrupted\n")
    assert list(tmp_path.glob("*.html")) == list((tmp_path / "dist").glob("*attestation*")) == []
    assert not [path.name for path in tmp_path.rglob(".tinypack-*")]
