from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.models import model_bytes
from tinypack import build_package
from tinypack.errors import TinypackError
from tinypack.formats.archive import make_tar_gz
from tinypack.formats.unpack import read_archive
from tinypack.manifest import load_project
from tinypack.source import source_archive, unpack_source

TEXT = '[package]\nname = "hello"\nversion = "1.0.0"\n[model]\nfile = "hello.tflite"\n'
FILE = '[features]\ntype = "tflite"\nfile = "front.tflite"\n'
FITTED = '[decision]\ntype = "anomaly"\nfile = "usual.json"\n'
NOVELTY = '[decision]\ntype = "classify"\nanomaly = { file = "usual.json" }\n'
CARD = '[card]\nrecording = "sounds/a.wav"\n'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A project's folder that holds more than the project."""
    folder = tmp_path / "project"
    (folder / "sounds").mkdir(parents=True)
    for name in ("front.tflite", "usual.json", "sounds/a.wav", "sounds/b.wav", "README.md", "LICENSE", ".env"):
        (folder / name).write_text(name)
    (folder / "hello.tflite").write_bytes(model_bytes("hello_world_int8"))
    return folder


def packed(folder: Path, text: str) -> dict[str, bytes]:
    (folder / "tinypack.toml").write_text(text)
    artifact = source_archive(load_project(folder))
    assert (artifact.format, artifact.filename) == ("source", "hello-1.0.0-source.tar.gz")
    return read_archive(artifact.data)


ALWAYS = {"tinypack.toml", "hello.tflite", "README.md", "LICENSE"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", set()),
        (FILE, {"front.tflite"}),
        (FILE + NOVELTY, {"front.tflite", "usual.json"}),
        (FILE + FITTED + CARD, {"front.tflite", "usual.json", "sounds/a.wav"}),
    ],
)
def test_it_holds_what_the_manifest_names_and_nothing_else(text: str, named: set[str], home: Path) -> None:
    found = packed(home, TEXT + text)
    assert set(found) == {f"hello/{name}" for name in ALWAYS | named}
    assert found["hello/tinypack.toml"].decode() == TEXT + text


def test_the_same_files_give_the_same_bytes(home: Path) -> None:
    first = packed(home, TEXT)
    (home / "notes.txt").write_text("more")
    (home / "README.md").touch()
    assert packed(home, TEXT) == first


def test_another_manifest_takes_its_usual_name(home: Path) -> None:
    (home / "other.toml").write_text(TEXT)
    assert "hello/tinypack.toml" in read_archive(source_archive(load_project(home / "other.toml")).data)


def test_everything_that_lacks_is_said(home: Path) -> None:
    (home / "tinypack.toml").write_text(TEXT + FILE + CARD)
    (home / "front.tflite").unlink()
    (home / "sounds" / "a.wav").unlink()
    (home / "sounds" / "a.wav").mkdir()
    with pytest.raises(TinypackError) as caught:
        source_archive(load_project(home))
    assert [(p.code, Path(p.where).name) for p in caught.value.problems] == [("io", "front.tflite"), ("io", "a.wav")]


@pytest.mark.parametrize(("name", "code"), [("a" * 120, "bad-archive"), ("a:b", "bad-archive")])
def test_names_that_archives_can_not_hold_are_refused(name: str, code: str, home: Path) -> None:
    (home / name).touch()
    (home / "tinypack.toml").write_text(TEXT + FILE + CARD.replace("sounds/a.wav", name))
    with pytest.raises(TinypackError) as caught:
        source_archive(load_project(home))
    assert caught.value.problems[0].code == code


def test_a_model_alone_is_no_project(home: Path) -> None:
    with pytest.raises(TinypackError, match=r"must have a tinypack\.toml"):
        source_archive(load_project(home / "hello.tflite"))


def test_it_builds_the_same_package(home: Path, tmp_path: Path) -> None:
    (home / "tinypack.toml").write_text(TEXT)
    artifact = source_archive(load_project(home))
    project = unpack_source(artifact.data, artifact.filename, tmp_path / "again")
    first, second = (build_package(folder, formats=["cmake"]) for folder in (home, project.root))
    assert first.artifacts == second.artifacts


@pytest.mark.parametrize(
    "files",
    [
        {"tinypack.toml": b""},
        {"hello/a": b""},
        {"hello/tinypack.toml": b"", "b/c": b""},
        {"hello/tinypack.toml": b"", "../evil": b""},
        {"hello/tinypack.toml": TEXT.replace('"hello.tflite"', '"../../etc/passwd"').encode()},
    ],
    ids=["no folder", "no manifest", "two folders", "outside", "names what is outside"],
)
def test_hostile_sources_are_refused(files: dict[str, bytes], tmp_path: Path) -> None:
    with pytest.raises(TinypackError):
        unpack_source(make_tar_gz(files), "evil.tar.gz", tmp_path / "inner" / "again")
    assert not (tmp_path / "evil").exists() and not (tmp_path / "inner" / "evil").exists()
