from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support.model_builder import Op, T, build
from tinypack import verify_package
from tinypack.boards import ALL, DEFAULT, Board, load_boards
from tinypack.errors import TinypackError
from tinypack.formats import FORMATS
from tinypack.package import Built
from tinypack.verify import package
from tinypack.verify.package import verify_packages
from tinypack.verify.reference import Reference
from tinypack.verify.report import Result

X = T((2, 3), scale=0.5)
MODEL = build([X, X], [Op("RELU", (0,), (1,))], [0], [1])
EMULATED = [board.id for board in load_boards().values() if board.emulated]
Ran = list[tuple[str, list[str], list[str]]]


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Ran:
    """Packages, formats and boards that would have run."""
    found: Ran = []

    def run_matrix(built: Built, boards: Sequence[Board], reference: Reference, say: Any) -> list[Result]:
        name = built.record["name"]
        found.append((name, [a.format for a in built.artifacts], [board.id for board in boards]))
        return [Result(name, "0.1.0", "", "cmake", "native", "passed", vectors=len(reference.digests))]

    monkeypatch.setattr(package, "run_matrix", run_matrix)
    return found


def project(folder: Path, name: str, build: str = "") -> Path:
    home = folder / name
    home.mkdir()
    (home / "model.tflite").write_bytes(MODEL)
    text = f'[package]\nname = "{name}"\nlicense = "MIT"\n[model]\nfile = "model.tflite"\n'
    (home / "tinypack.toml").write_text(text + build)
    return home


SOME = '[build]\nformats = ["cmake"]\nboards = ["native"]\n'


@pytest.mark.parametrize(
    ("manifest", "formats", "boards", "formats_run", "boards_run"),
    [
        ("", (), (), list(FORMATS), list(DEFAULT)),
        (SOME, (), (), ["cmake"], ["native"]),
        (SOME, (ALL,), (ALL,), list(FORMATS), EMULATED),
        (SOME, ("zephyr", "arduino"), ("pico",), ["arduino", "zephyr"], ["pico"]),
        ("", ("zephyr", ALL), ("pico", ALL, "pico", "native"), list(FORMATS), ["pico", *EMULATED]),
    ],
)
def test_what_is_run(
    manifest: str,
    formats: tuple[str, ...],
    boards: tuple[str, ...],
    formats_run: list[str],
    boards_run: list[str],
    tmp_path: Path,
    ran: Ran,
) -> None:
    verify_package(project(tmp_path, "small", manifest), boards=boards, formats=formats, vectors=0)
    assert ran == [("small", formats_run, boards_run)]


@pytest.mark.parametrize(
    ("formats", "boards", "codes"),
    [
        (("rpm",), (), ["unknown-format"]),
        ((), ("abacus", ALL), ["unknown-board"]),
        (("rpm", ALL), ("abacus",), ["unknown-format", "unknown-board"]),
    ],
)
def test_unknown_names_are_refused_first(
    formats: tuple[str, ...], boards: tuple[str, ...], codes: list[str], tmp_path: Path, ran: Ran
) -> None:
    home = project(tmp_path, "small")
    with pytest.raises(TinypackError) as caught:
        verify_package(home, boards=boards, formats=formats)
    assert [problem.code for problem in caught.value.problems] == codes
    assert not (home / "dist").exists()


def test_several_are_verified_in_order_each_with_its_attestation(tmp_path: Path, ran: Ran) -> None:
    homes = [project(tmp_path, name) for name in ("second", "first")]
    said: list[str] = []
    given = {homes[1]: [[np.zeros(X.shape, np.int8)]]}
    found = verify_packages(homes, formats=["cmake"], vectors=1, inputs=given, progress=said.append)
    assert [name for name, _, _ in ran] == ["second", "first"]
    assert [attestation.path.parent for attestation in found] == [home / "dist" for home in homes]
    assert [attestation.results[0].vectors for attestation in found] == [5, 6]
    for attestation in found:
        assert json.loads(attestation.path.read_text())["package"] == attestation.record["name"]
    assert {line.partition(": ")[0] for line in said} == {"second 0.1.0", "first 0.1.0"}
    # What can't be built is found before anything runs.
    assert said.index("first 0.1.0: pack cmake") < said.index("second 0.1.0: ask the oracle")


def test_one_is_not_named_all_the_time(tmp_path: Path, ran: Ran) -> None:
    said: list[str] = []
    verify_packages([project(tmp_path, "small")], formats=["cmake"], progress=said.append)
    assert "ask the oracle" in said


def test_packages_must_differ(tmp_path: Path, ran: Ran) -> None:
    home = project(tmp_path, "small")
    with pytest.raises(TinypackError, match=r"small 0\.1\.0, as of") as caught:
        verify_packages([home, home / "tinypack.toml"])
    assert caught.value.problems[0].code == "bad-manifest"
    assert not (home / "dist").exists()


def test_a_bad_project_is_found_before_anything_runs(tmp_path: Path, ran: Ran) -> None:
    good, bad = project(tmp_path, "good"), project(tmp_path, "bad")
    (bad / "model.tflite").write_bytes(b"TFL3")
    with pytest.raises(TinypackError, match="bad-model"):
        verify_packages([good, bad])
    assert ran == []


def test_inputs_that_the_model_can_not_take_are_the_callers_error(tmp_path: Path, ran: Ran) -> None:
    with pytest.raises(TinypackError, match="bad-input"):
        verify_package(project(tmp_path, "small"), inputs=[[np.zeros((3, 2), np.int8)]])
    assert ran == []
