from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.models import model_bytes
from tinypack.boards import load_boards
from tinypack.errors import TinypackError
from tinypack.formats import FORMATS
from tinypack.manifest import Package, load_project, manifest_schema, parse_manifest

GOOD = """\
[package]
name = "kws-ref"
version = "1.2.0"
license = "Apache-2.0"

[model]
file = "kws.tflite"
labels = ["yes", "no"]
"""

#: What to replace by what; the code, and the line and key that the message must name.
BAD = [
    ('"kws-ref"', '"Kws"', "bad-manifest", "2: package.name"),
    ('"kws-ref"', '"math"', "reserved-name", "2: package.name"),
    ('"kws-ref"', "7", "bad-manifest", "2: package.name"),
    ('"1.2.0"', '"1.2"', "bad-manifest", "3: package.version"),
    ('"1.2.0"', '"1.2.0+5"', "bad-manifest", "3: package.version"),
    ('"Apache-2.0"', '"Apache 2"', "bad-manifest", "4: package.license"),
    ('file = "kws.tflite"', "", "bad-manifest", "6: model.file"),
    ('file = "kws.tflite"', 'file = ""', "bad-manifest", "7: model.file"),
    ('["yes", "no"]', '["yes", 3]', "bad-manifest", "8: model.labels.1"),
    ('["yes", "no"]', '"yes"', "bad-manifest", "8: model.labels"),
    ("labels", "label", "bad-manifest", "8: model.label"),
    ("[model]", "[modell]", "bad-manifest", "6: modell"),
    ("[package]", '[build]\nboards = "pico"\n[package]', "bad-manifest", "2: build.boards"),
    ("[package]", '[package]\ndescription = "a\\nb"', "bad-manifest", "2: package.description"),
    ("[package]", '[package]\nrepository = "ftp://x"', "bad-manifest", "2: package.repository"),
    ("[package]", "[package]\nauthors = []", "bad-manifest", "2: package.authors"),
    ("[package]", '[package]\nauthors = [" "]', "bad-manifest", "2: package.authors.0"),
    ("[package]", '[package]\nkeywords = ["Ä"]', "bad-manifest", "2: package.keywords.0"),
    ("[package]", f'[package]\ndescription = "{"a" * 201}"', "bad-manifest", "2: package.description"),
    ("[model]", '[model]\nengine = "jit"', "bad-manifest", "7: model.engine"),
    ("[package]", 'build = "all"\n[package]', "bad-manifest", "1: build"),
    ("[package]", '[build]\nformats = [\n"cmake",\n"rpm"]\n[package]', "unknown-format", "2: build.formats.1"),
    ("[package]", '[build]\nboards = ["abacus"]\n[package]', "unknown-board", "2: build.boards.0"),
    ('"1.2.0"', "= 1", "bad-manifest", "3"),
    ("[package]", '[[features]]\ntype = "raw"\n[package]', "bad-manifest", "1: features"),
    ('"kws-ref"', f"0x{'f' * 5000}", "bad-manifest", "2: package.name"),
    ("[package]", f'[card]\naccuracy = "{"a" * 1001}"\n[package]', "bad-manifest", "2: card.accuracy"),
    ("[package]", '[card]\naccuracy = "a\\u0007"\n[package]', "bad-manifest", "2: card.accuracy"),
    ("[package]", "[card]\naccuracy = 0.9\n[package]", "bad-manifest", "2: card.accuracy"),
    ("[package]", '[card]\nrecording = "../a.wav"\n[package]', "bad-manifest", "2: card.recording"),
    ("[package]", '[card]\nrecording = "a.wav"\n[package]', "bad-manifest", "1"),
]


def test_all_is_read() -> None:
    manifest = parse_manifest(GOOD, Path("tinypack.toml"))
    assert (manifest.package.name, manifest.package.version) == ("kws-ref", "1.2.0")
    assert manifest.model.labels == ["yes", "no"]


@pytest.mark.parametrize(("old", "new", "code", "place"), BAD, ids=[f"{row[0]} {row[1]}"[:60] for row in BAD])
def test_bad_manifests(old: str, new: str, code: str, place: str) -> None:
    assert old in GOOD
    with pytest.raises(TinypackError) as caught:
        parse_manifest(GOOD.replace(old, new), Path("tinypack.toml"))
    assert (code, f"tinypack.toml:{place}") in {(p.code, p.where) for p in caught.value.problems}
    foreign = r"Input|[Ss]hould|[{}]|docs/manifest"  # pydantic's words, or none of our own
    assert [p.rule for p in caught.value.problems if re.search(foreign, p.rule)] == []


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("name", ["kws-ref", "a1"], ["Kws", "1a", "a"]),
        ("version", ["1.2.0", "1.0.0-rc.1"], ["1.2", "1.2.0+5", "01.0.0"]),
        ("license", ["Apache-2.0", "MIT OR (GPL-2.0-only WITH Classpath-exception-2.0)"], ["Apache/2", ""]),
        ("repository", ["", "https://example.org/a"], ["ftp://example.org", "example.org"]),
    ],
)
def test_the_schema_says_how_texts_look(key: str, good: list[str], bad: list[str]) -> None:
    pattern = manifest_schema()["$defs"]["Package"]["properties"][key]["pattern"]
    assert [text for text in (*good, *bad) if re.search(pattern, text)] == good
    for text in good:
        Package.model_validate({"name": "kws", key: text})


def test_the_schema_lists_formats_and_boards() -> None:
    properties = manifest_schema()["$defs"]["Build"]["properties"]
    assert properties["formats"]["items"]["enum"] == list(FORMATS)
    assert properties["boards"]["items"]["enum"] == list(load_boards())


def test_all_problems_at_once() -> None:
    text = GOOD.replace("kws-ref", "math").replace("1.2.0", "1").replace("labels", "label")
    with pytest.raises(TinypackError) as caught:
        parse_manifest(text, Path("tinypack.toml"))
    assert len(caught.value.problems) == 3


def test_folder_file_and_bare_model(tmp_path: Path) -> None:
    (tmp_path / "tinypack.toml").write_text(GOOD)
    bare = tmp_path / "Hello World.tflite"
    bare.write_bytes(model_bytes("hello_world_int8"))
    for path in (tmp_path, tmp_path / "tinypack.toml"):
        assert load_project(path).model_path == tmp_path / "kws.tflite"
    assert load_project(bare).names.prefix == "hello_world"


@pytest.mark.parametrize(
    "data",
    [b"\xff\xfe", b"[" * 5000, b"#" * (1 << 21), b"a = " + b"9" * 5000],
    ids=["not UTF-8", "deep", "huge", "digits"],
)
def test_unreadable_files(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "tinypack.toml").write_bytes(data)
    with pytest.raises(TinypackError):
        load_project(tmp_path)
