"""`tinypack diff` and `tinypack bump`, end to end, with two small projects."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from tests.support.machine import need
from tests.unit.registry.versions.conftest import change
from tests.unit.registry.versions.test_sources import own_cache, published
from tinypack.cli import tinypack
from tinypack.errors import TinypackError

__all__ = ["own_cache"]


def run(*args: object) -> Result:
    return CliRunner().invoke(tinypack, [*map(str, args)])


def test_diff_groups_changes_by_their_steps_and_names_the_least(built: Path, project: Path) -> None:
    change(project, "_none = 0.6", "_none = 0.7")
    change(project, 'every = "100 ms"', 'every = "200 ms"')
    shown = run("diff", built / "dist", project)
    lines = shown.stdout.splitlines()
    assert (shown.exit_code, lines[0].rstrip()) == (0, "kws 1.0.0 -> kws 1.0.0")
    assert [line.split()[0] for line in lines[1:4]] == ["step", "minor", "patch"]
    assert lines[-1] == "least step: minor: 1.0.0 -> 1.1.0"
    found = json.loads(run("diff", built / "dist", project, "--json").stdout)
    assert (found["step"], found["least_version"], found["accuracy"]) == ("minor", "1.1.0", None)
    assert found["changes"][0] == {
        "step": "minor", "what": "stream: every", "old": "10", "new": "20", "growth": None
    }  # fmt: skip
    assert run("diff", built / "dist", built / "dist").stdout.splitlines()[-1] == "no changes"


@pytest.mark.tools
def test_diff_measures_accuracy(built: Path, project: Path, tmp_path: Path) -> None:
    need("gcc")
    np.savez(tmp_path / "set.npz", x=np.zeros((3, 60), np.float32), y=np.zeros(3, int))
    shown = run("diff", built, project, "--test-set", tmp_path / "set.npz")
    assert shown.stdout.splitlines()[-2].startswith("accuracy: 100.0 % (3 of 3) -> 100.0 % (3 of 3)")


def test_bump_says_why(built: Path, project: Path, tmp_path: Path) -> None:
    registry = published(tmp_path / "registry", built / "dist", "1.0.0")
    change(project, 'every = "100 ms"', 'every = "200 ms"')
    shown = run("bump", project, "--registry", registry.folder)
    assert shown.exit_code == 0 and "stream: every" in shown.stdout
    assert shown.stdout.splitlines()[-1] == "minor since 1.0.0: 1.0.0 -> 1.1.0"
    found = json.loads(run("bump", project, "--against", "kws@1.0.0", "-r", registry.folder, "--json").stdout)
    assert (found["old"], found["new"], found["base"], found["step"]) == ("1.1.0", "1.1.0", "1.0.0", "minor")
    same = run("diff", "kws@1.0.0", project, "--registry", registry.folder)
    assert same.stdout.splitlines()[-1] == "least step: minor: 1.0.0 -> 1.1.0"


def test_bump_needs_something_to_compare_with(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TINYPACK_REGISTRY", raising=False)
    shown = run("bump", built)
    assert shown.exit_code == 2 and "--against" in shown.stderr


def test_what_is_not_there_is_an_error(built: Path) -> None:
    shown = run("diff", built, "nowhere")
    assert isinstance(shown.exception, TinypackError) and "nowhere" in str(shown.exception)
