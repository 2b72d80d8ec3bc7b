"""A model that carries its front end, as a project: what it needs, and that the parts give what the whole gives."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from tests.support.fused_model import ALONE, FEATURES, fused
from tests.support.models import model_bytes
from tests.support.sounds import frames, recording
from tinypack.errors import TinypackError
from tinypack.features import load_features
from tinypack.importers.tflite import import_tflite
from tinypack.manifest import load_project
from tinypack.oracle import run_oracle
from tinypack.pack import compile_project, inspect_model
from tinypack.starter import starter_manifest
from tinypack.stream_reference import replay_python

HEAD = '[package]\nname = "words"\n[model]\nfile = "fused.tflite"\n'
FEATURES_SECTION = '[features]\ntype = "tflite"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "fused.tflite").write_bytes(fused())
    (tmp_path / f"{ALONE}.tflite").write_bytes(model_bytes(ALONE))
    (tmp_path / "tinypack.toml").write_text(HEAD + FEATURES_SECTION)
    return tmp_path


@pytest.mark.parametrize("name", ["yes_1000ms", "noise_1000ms"])
def test_the_parts_give_what_the_whole_gives(name: str, folder: Path) -> None:
    model = fused(quantised=False)
    graph, _, stream = compile_project(load_project(folder), model)
    assert stream is not None and (stream.frames, stream.front.frame, stream.front.hop) == (1, 480, 320)
    sound = recording(name)
    found = replay_python(stream, model, graph, sound)
    whole = import_tflite(model, "whole")
    vectors = ([frame[np.newaxis]] for frame in frames(sound, 480, 320))
    answers = list(run_oracle(model, whole, vectors, [FEATURES, *whole.outputs]))
    assert found.features.tolist() == [features.tolist() for features, _ in answers]
    assert found.outputs.tolist() == [outputs[0].tolist() for _, outputs in answers]
    assert len(np.unique(found.outputs, axis=0)) > 40


def test_is_what_inspect_shows(folder: Path) -> None:
    found = inspect_model(folder)
    assert found.model_sha256 == hashlib.sha256(fused()).hexdigest()
    assert [(port.index, port.dtype) for port in found.inputs] == [(FEATURES, "int8")]
    assert found.stream is not None and found.stream["frame"] == 480
    assert found.operators == {"RESHAPE": 1, "FULLY_CONNECTED": 1}


def test_features_come_out_of_the_model(folder: Path) -> None:
    sound = recording("no_1000ms")
    found = load_features(folder).quantise(sound)
    (folder / "tinypack.toml").write_text(
        HEAD.replace("fused", "later") + FEATURES_SECTION + f'file = "{ALONE}.tflite"'
    )
    assert (found == load_features(folder).quantise(sound)).all()
    (folder / "tinypack.toml").write_text(HEAD.replace("fused", "later") + FEATURES_SECTION)
    with pytest.raises(TinypackError, match="must be a readable file"):
        load_features(folder)


def test_init_writes_the_section(folder: Path) -> None:
    text = starter_manifest(folder / "fused.tflite")
    (folder / "tinypack.toml").write_text(text)
    assert inspect_model(folder).stream is not None
    assert "frames of 480" in text
    with pytest.raises(TinypackError, match=f"{ALONE}.tflite\n.*network must come behind"):
        starter_manifest(folder / f"{ALONE}.tflite")


#: What follows the package in tinypack.toml; the place that the message names, the rule, what was found.
REFUSED = {
    "no features": ("", "tinypack.toml:1: features", 'needs [features] type = "tflite"', "no [features]"),
    "other features": (
        '[features]\ntype = "microfrontend"\n',
        "tinypack.toml:5: features",
        'needs [features] type = "tflite"',
        'type = "microfrontend"',
    ),
    "a file": (
        f'{FEATURES_SECTION}file = "{ALONE}.tflite"\n',
        "tinypack.toml:5: features",
        "without file",
        f'file = "{ALONE}.tflite"',
    ),
    "mean": (FEATURES_SECTION + "mean = [1.0]\n", "tinypack.toml:5: features", "mean and std must stay unset", "1.0"),
    "several frames": (FEATURES_SECTION + "frames = 2\n", "tinypack.toml:5: features", "2 frames of 40", "40 elements"),
}


@pytest.mark.parametrize(("text", "place", "rule", "found"), REFUSED.values(), ids=REFUSED)
def test_refusals(text: str, place: str, rule: str, found: str, folder: Path) -> None:
    (folder / "tinypack.toml").write_text(HEAD + text)
    with pytest.raises(TinypackError) as error:
        inspect_model(folder)
    (problem,) = error.value.problems
    assert problem.where.endswith(place)
    assert rule in problem.rule and found in problem.found


def test_a_bare_model_says_what_it_needs(folder: Path) -> None:
    with pytest.raises(TinypackError) as error:
        inspect_model(folder / "fused.tflite")
    (problem,) = error.value.problems
    assert (problem.where, problem.found) == (str(folder / "fused.tflite"), "no [features]")
    assert "tinypack init" in problem.hint
