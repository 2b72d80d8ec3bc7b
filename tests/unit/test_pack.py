from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.content import make_content
from tests.support.models import model_bytes
from tinypack import build_package
from tinypack.errors import TinypackError
from tinypack.features.audio_options import MfccOptions
from tinypack.manifest import Project
from tinypack.pack import make_record


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "hello.tflite"
    path.write_bytes(model_bytes("hello_world_int8"))
    return path


def test_record_tells_the_truth(model: Path) -> None:
    built = build_package(model)
    record = json.loads((built.folder / "hello-0.1.0.json").read_text())
    assert record["model"]["sha256"] == hashlib.sha256(model.read_bytes()).hexdigest()
    for artifact in record["artifacts"]:
        data = (built.folder / artifact["filename"]).read_bytes()
        assert (artifact["size"], artifact["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())


def test_record_says_what_the_manifest_does(model: Path) -> None:
    text = '[package]\nname = "hello"\nauthors = ["Ada"]\nkeywords = ["sine"]\n[model]\nfile = "hello.tflite"\n'
    text += '[build]\nformats = ["cmake"]\nboards = ["native", "nano33ble"]\n[card]\naccuracy = "0.01 off"\n'
    (model.parent / "tinypack.toml").write_text(text)
    record = build_package(model.parent).record
    said = ("authors", "keywords", "repository", "boards", "card", "features", "decision", "operators")
    assert {key: record[key] for key in said} == {
        "authors": ["Ada"],
        "keywords": ["sine"],
        "repository": "",
        "boards": ["native", "nano33ble"],
        "card": {"accuracy": "0.01 off"},
        "features": None,
        "decision": None,
        "operators": ["FULLY_CONNECTED"],
    }


def test_record_writes_out_what_sections_stand_for() -> None:
    features = MfccOptions.model_validate({"type": "mfcc", "preset": "tf-signal"})
    content = replace(make_content(), manifest=make_content().manifest.model_copy(update={"features": features}))
    project = Project(Path(), Path("tinypack.toml"), Path("a.tflite"), content.manifest, content.names)
    said = json.loads(json.dumps(make_record(content, project, [])))["features"]
    assert (said["type"], said["preset"]) == ("mfcc", "tf-signal")
    assert said == {**said, **MfccOptions.PRESETS["tf-signal"]}


def test_same_bytes_in_another_place_and_environment(model: Path, tmp_path: Path) -> None:
    first = build_package(model)
    elsewhere = tmp_path / "a longer name" / "hello.tflite"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(model.read_bytes())
    code = "import sys, tinypack; print(tinypack.build_package(sys.argv[1]).folder)"
    env = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C", "SOURCE_DATE_EPOCH": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code, elsewhere], cwd="/", env=env, capture_output=True, text=True, check=True
    )
    second = Path(done.stdout.strip())
    names = sorted(path.name for path in first.folder.iterdir())
    assert names == sorted(path.name for path in second.iterdir())
    assert all((first.folder / name).read_bytes() == (second / name).read_bytes() for name in names)


def test_all_or_nothing(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device", str(target))

    monkeypatch.setattr(Path, "write_bytes", lambda self, data: refuse(self, self))
    with pytest.raises(TinypackError, match="No space left"):
        build_package(model, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_bad_folder_is_refused_before_the_work(model: Path) -> None:
    said: list[str] = []
    with pytest.raises(TinypackError, match="Not a directory"):
        build_package(model, model / "dist", progress=said.append)
    assert said == []


@pytest.mark.parametrize(
    ("formats", "repository", "count"),
    [(["arduino", "cmake"], "", 1), (["cmake"], "", 0), (["arduino"], "https://example.org/hello", 0)],
)
def test_a_url_that_is_made_up_is_said(model: Path, formats: list[str], repository: str, count: int) -> None:
    text = f'[package]\nname = "hello"\nrepository = "{repository}"\n[model]\nfile = "hello.tflite"\n'
    (model.parent / "tinypack.toml").write_text(text)
    warnings = build_package(model.parent, formats=formats).warnings
    assert [w.startswith("package.repository is not set: packages for arduino") for w in warnings] == [True] * count


def test_every_unknown_name_is_reported(model: Path) -> None:
    with pytest.raises(TinypackError) as caught:
        build_package(model, formats=["arduino", "rpm"], boards=["pico", "abacus"])
    assert [p.code for p in caught.value.problems] == ["unknown-format", "unknown-board"]


def test_labels_must_match_the_output(model: Path) -> None:
    manifest = model.parent / "tinypack.toml"
    manifest.write_text('[package]\nname = "hello"\n[model]\nfile = "hello.tflite"\nlabels = ["a", "b"]\n')
    with pytest.raises(TinypackError) as caught:
        build_package(manifest)
    assert caught.value.problems[0].where == f"{manifest}:5: model.labels"


def test_model_that_does_not_fit_is_refused_with_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = tmp_path / "vww.tflite"
    model.write_bytes(model_bytes("vww_96_int8"))
    from tinypack import pack
    from tinypack.boards import Board, load_boards

    pico = load_boards()["pico"]
    small: Board = pico.model_copy(
        update={"regions": tuple(r.model_copy(update={"bytes": 20_000}) for r in pico.regions)}
    )
    monkeypatch.setattr(pack, "board", lambda name: small)
    with pytest.raises(TinypackError, match=r"\d B of flash, 20,000 B are left and \d+,\d+ B of RAM"):
        build_package(model, boards=["pico"])
    assert not (tmp_path / "dist").exists()
