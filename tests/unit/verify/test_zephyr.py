"""A fake `west` that notes how it was called and leaves a twister.json."""

from __future__ import annotations

import itertools
import json
import os
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tinypack.boards import board
from tinypack.formats import FORMATS, build_artifact
from tinypack.package import Built
from tinypack.vectors import BUILT_IN_SEEDS
from tinypack.verify import zephyr
from tinypack.verify.report import Result

Check = Callable[..., Result]

WEST = """\
#!/bin/sh
printf '%s\\n' "$PWD" "$@" >{called}
while [ "$1" != --outdir ]; do shift; done
if [ -e {report} ]; then mkdir -p "$2" && cp {report} "$2/twister.json"; fi
{end}
"""


@pytest.fixture
def check(built: Built, result: Result, core: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Verify the module where `west` ends as told, with a report of this text (None: without one)."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "zephyr").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    monkeypatch.setenv("ZEPHYR_BASE", str(tmp_path / "zephyr"))
    report, west = tmp_path / "report.json", tmp_path / "bin" / "west"

    def checked(text: str | None, end: str = "exit 0", name: str = "mps2-an386") -> Result:
        report.unlink(missing_ok=True)
        if text is not None:
            report.write_text(text)
        quoted = {"called": shlex.quote(str(tmp_path / "called")), "report": shlex.quote(str(report))}
        west.write_text(WEST.format(end=end, **quoted))
        west.chmod(0o755)
        assert zephyr.missing() == ""
        return zephyr.check(build_artifact(FORMATS["zephyr"], built.content), board(name), result)

    return checked


def suites(*given: dict[str, Any]) -> str:
    return json.dumps({"environment": {}, "testsuites": [{"name": "samples/selftest", **suite} for suite in given]})


PASSED = {"status": "passed", "used_ram": 9000, "used_rom": 30000, "toolchain": "zephyr"}
FAILED = {"status": "failed", "reason": "Timeout"}
SKIPPED = {"status": "skipped", "reason": "Not enough RAM"}


@pytest.mark.parametrize(
    ("text", "end", "status", "words"),
    [
        (suites(PASSED), "exit 0", "passed", ""),
        (suites(SKIPPED, PASSED), "exit 0", "passed", ""),
        (suites(FAILED), "exit 1", "failed", "Timeout"),
        (suites(PASSED, FAILED), "exit 1", "failed", "Timeout"),
        (suites({"status": "error", "reason": "Build failure"}), "exit 1", "failed", "Build failure"),
        # Its report may be good, but west itself complains.
        (suites(PASSED), "echo 'west: trouble' >&2; exit 2", "failed", "west: trouble"),
        (suites(SKIPPED), "exit 0", "not-run", "Not enough RAM"),
        (suites({"status": "filtered"}), "exit 0", "not-run", "twister ran nothing"),
        (suites({"status": "not run", "reason": "build only"}), "exit 0", "not-run", "build only"),
        (suites(), "exit 0", "not-run", "twister ran nothing"),
        (None, "exit 0", "not-run", "twister ran nothing"),
        (None, "echo 'unknown command twister' >&2; exit 1", "failed", "unknown command twister"),
        ('{"testsuites": [', "exit 0", "not-run", "twister ran nothing"),
        ("[]", "exit 1", "failed", "twister ran nothing"),
    ],
)
def test_the_report_is_read(text: str | None, end: str, status: str, words: str, check: Check) -> None:
    found = check(text, end)
    assert found.status == status
    assert words in found.reason and bool(found.reason) == bool(words)
    assert found.vectors == (0 if status == "not-run" else len(BUILT_IN_SEEDS))


def test_figures_are_those_of_what_passed(check: Check) -> None:
    found = check(suites(SKIPPED, PASSED))
    assert (found.flash_bytes, found.ram_bytes, found.compiler) == (30000, 9000, "zephyr")
    assert found.machine == "twister, mps2/an386"


def test_twister_gets_the_module_of_the_archive(check: Check, tmp_path: Path) -> None:
    check(suites(PASSED), name="native")
    cwd, *words = (tmp_path / "called").read_text().splitlines()
    assert Path(cwd) == tmp_path / "zephyr"
    options = dict(itertools.pairwise(words))
    assert (words[0], options["--platform"]) == ("twister", "native_sim")
    module = Path(options["--extra-args"].removeprefix("ZEPHYR_EXTRA_MODULES="))
    assert (module / "zephyr" / "module.yml").is_file()
    assert Path(options["--testsuite-root"]) == module / "samples"


def test_an_earlier_report_is_no_proof(check: Check) -> None:
    assert check(suites(PASSED)).status == "passed"
    assert check(None).status == "not-run"


def test_a_hang_is_said(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zephyr, "TIME_LIMIT", 0.5)
    found = check(suites(PASSED), "exec sleep 60")
    assert (found.status, found.reason) == ("failed", "hang: no end within 0.5 s")


@pytest.mark.parametrize(
    ("base", "program", "said"),
    [
        ("", "west", "ZEPHYR_BASE is not set"),
        ("/zephyr", None, "missing: west"),
        ("/zephyr", "west", ""),
    ],
)
def test_what_is_missing(base: str, program: str | None, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZEPHYR_BASE", base)
    monkeypatch.setattr(zephyr, "which", lambda _: program)
    found = zephyr.missing()
    assert found.startswith(said) and bool(found) == bool(said)
