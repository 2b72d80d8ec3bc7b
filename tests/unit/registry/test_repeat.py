from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.published import FakeRegistry, fake_registry, write_small
from tinypack import __version__
from tinypack.boards import Board
from tinypack.errors import TinypackError
from tinypack.formats.archive import make_tar_gz
from tinypack.formats.unpack import read_archive
from tinypack.manifest import load_project
from tinypack.registry import repeat as module
from tinypack.registry.repeat import repeat
from tinypack.source import source_archive
from tinypack.verify.matrix import Subject
from tinypack.verify.reference import Reference
from tinypack.verify.report import Rebuilt, Result, explain

Ran = list[tuple[Subject, list[str], Reference]]


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Ran:
    """What would have run."""
    found: Ran = []

    def run_matrix(subject: Subject, boards: Sequence[Board], reference: Reference, say: Any) -> list[Result]:
        found.append((subject, [board.id for board in boards], reference))
        return [
            Result("small", "1.0.0", artifact.sha256, artifact.format, board.id, "passed", vectors=4)
            for artifact in subject.artifacts
            for board in boards
        ]

    monkeypatch.setattr(module, "run_matrix", run_matrix)
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bool], FakeRegistry]:
    """Build the package once; give a registry that the test may change."""
    kept = fake_registry(tmp_path_factory.mktemp("made"))

    def give(source: bool = True) -> FakeRegistry:
        files = {format: file for format, file in kept.files.items() if source or format != "source"}
        return FakeRegistry(files, dict(kept.release))

    return give


Made = Callable[..., FakeRegistry]


def test_with_its_source_everything_is_compared(made: Made, ran: Ran, tmp_path: Path) -> None:
    registry = made()
    attestation = repeat(registry, "small", "1.0.0", vectors=2, folder=tmp_path)
    ((subject, boards, reference),) = ran
    assert boards == ["native"]  # as the package's build.boards says
    assert {a.format: a.data for a in subject.artifacts} == {
        format: data for format, (_, data) in registry.files.items() if format in ("cmake", "arduino")
    }
    assert len(reference.digests) == 6 and all(reference.nodes)
    assert (attestation.method, attestation.rebuilt) == ("nodes", Rebuilt(__version__, ()))
    assert list(explain(attestation)) == [
        f"built again from its source by tinypack {__version__}, the archives have the same bytes"
    ]
    written = json.loads((tmp_path / "small-1.0.0.repeated.attestation.json").read_text())
    assert (written["method"], written["rebuilt"]) == ("nodes", {"made_by": __version__, "differ": []})
    assert written["passed"] and written["artifacts"] == subject.record["artifacts"]


def test_without_its_source_only_self_tests_run(made: Made, ran: Ran, tmp_path: Path) -> None:
    attestation = repeat(made(source=False), "small", "1.0.0", boards=["native", "mps2-an386"], folder=tmp_path)
    ((_, boards, reference),) = ran
    assert (boards, reference.digests) == (["native", "mps2-an386"], ())
    assert (attestation.method, attestation.rebuilt) == ("self-test", None)
    assert "only the archives' own self-tests" in " ".join(explain(attestation))


def test_other_bytes_than_the_source_gives_are_named(made: Made, ran: Ran, tmp_path: Path) -> None:
    registry = made()
    files = read_archive(registry.files["cmake"][1])
    registry.replace("cmake", make_tar_gz({**files, "small/README.md": b"other"}))
    attestation = repeat(registry, "small", "1.0.0", folder=tmp_path)
    assert attestation.rebuilt == Rebuilt(__version__, ("cmake",))
    assert "other bytes: cmake" in " ".join(explain(attestation))
    # What is run is what is published.
    assert {artifact.data for artifact in ran[0][0].artifacts} >= {registry.files["cmake"][1]}


def test_what_would_run_something_is_not_built(made: Made, ran: Ran, tmp_path: Path) -> None:
    registry = made()
    files = read_archive(registry.files["cmake"][1])
    evil = files["small/CMakeLists.txt"] + b"execute_process(COMMAND evil)\n"
    registry.replace("cmake", make_tar_gz({**files, "small/CMakeLists.txt": evil}))
    with pytest.raises(TinypackError, match=r"refused.*CMakeLists"):
        repeat(registry, "small", "1.0.0", folder=tmp_path)
    assert ran == [] and list(tmp_path.iterdir()) == []


def test_another_tinypack_compares_outputs_only(made: Made, ran: Ran, tmp_path: Path) -> None:
    registry = made()
    registry.release = {**registry.release, "tinypack": "0.0.9"}
    attestation = repeat(registry, "small", "1.0.0", vectors=0, folder=tmp_path)
    ((_, _, reference),) = ran
    assert len(reference.digests) == 4 and reference.nodes == ({}, {}, {}, {})
    assert (attestation.method, attestation.rebuilt) == ("outputs", Rebuilt("0.0.9", None))
    assert "tinypack 0.0.9 built it" in " ".join(explain(attestation))


def test_only_some_formats(made: Made, ran: Ran, tmp_path: Path) -> None:
    registry = made()
    attestation = repeat(registry, "small", "1.0.0", formats=["cmake"], folder=tmp_path)
    assert [result.format for result in attestation.results] == ["cmake"]
    assert registry.files["arduino"][0] not in registry.fetched


def test_a_bad_folder_is_refused_before_the_work(made: Made, ran: Ran, tmp_path: Path) -> None:
    registry = made()
    (tmp_path / "file").touch()
    with pytest.raises(TinypackError, match="Not a directory"):
        repeat(registry, "small", "1.0.0", folder=tmp_path / "file")
    assert registry.fetched == []


def other_source(registry: FakeRegistry, folder: Path) -> None:
    home = write_small(folder / "other")
    (home / "tinypack.toml").write_text((home / "tinypack.toml").read_text().replace("1.0.0", "1.0.1"))
    registry.files["source"] = (registry.files["source"][0], source_archive(load_project(home)).data)


def other_record(registry: FakeRegistry, folder: Path) -> None:
    record = json.loads(registry.files["record"][1])
    record["artifacts"][0]["sha256"] = "ab" * 32
    registry.files["record"] = (registry.files["record"][0], json.dumps(record).encode())


def no_record(registry: FakeRegistry, folder: Path) -> None:
    del registry.files["record"]


def damaged_source(registry: FakeRegistry, folder: Path) -> None:
    registry.files["source"] = (registry.files["source"][0], b"\x1f\x8b")


@pytest.mark.parametrize("change", [other_source, other_record, no_record, damaged_source])
def test_files_that_do_not_belong_together_are_refused(
    change: Callable[[FakeRegistry, Path], None], made: Made, ran: Ran, tmp_path: Path
) -> None:
    registry = made()
    change(registry, tmp_path)
    with pytest.raises(TinypackError) as caught:
        repeat(registry, "small", "1.0.0", folder=tmp_path / "out")
    assert {problem.code for problem in caught.value.problems} == {"bad-archive"}
    assert ran == [] and not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"name": "large"}, "no-package"),
        ({"version": "1.0.1"}, "no-package"),
        ({"version": "^1"}, "no-package"),
        ({"boards": ["abacus"]}, "unknown-board"),
        ({"formats": ["rpm"]}, "unknown-format"),
        ({"formats": ["zephyr"]}, "bad-archive"),
    ],
)
def test_what_is_not_there_is_refused(
    arguments: dict[str, Any], code: str, made: Made, ran: Ran, tmp_path: Path
) -> None:
    with pytest.raises(TinypackError) as caught:
        repeat(made(), **{"name": "small", "version": "1.0.0", "folder": tmp_path / "out", **arguments})
    assert caught.value.problems[0].code == code
    assert ran == [] and not (tmp_path / "out").exists()
