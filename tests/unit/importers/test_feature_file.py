from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tests.support.fused_model import ALONE, fused
from tests.support.models import MODELS, model_bytes
from tests.support.sounds import recording
from tinypack.errors import TinypackError
from tinypack.features import load_features, microfrontend
from tinypack.importers.feature_file import Options, front_end, split_model
from tinypack.importers.tflite import import_tflite


def made(**options: Any) -> Options:
    return Options(type="tflite", file="graph.tflite", **options)


def test_is_the_extractor(tmp_path: Path) -> None:
    (tmp_path / "graph.tflite").write_bytes(model_bytes(ALONE))
    front, own = front_end(made(), tmp_path), microfrontend.front_end(microfrontend.Options(type="microfrontend"))
    assert [step.block for step in front.chain.steps] == [step.block for step in own.chain.steps]
    assert (front.rate, front.frame, front.hop) == (own.rate, own.frame, own.hop)
    assert front_end(made(hop=77, sample_rate=8000), tmp_path).hop == 77


def test_serves_projects(tmp_path: Path) -> None:
    (tmp_path / "graph.tflite").write_bytes(model_bytes(ALONE))
    head = '[package]\nname = "words"\n[model]\nfile = "later.tflite"\n'
    sound = recording("yes_1000ms")
    found = []
    for features in ('type = "tflite"\nfile = "graph.tflite"', 'type = "microfrontend"'):
        (tmp_path / "tinypack.toml").write_text(f"{head}[features]\n{features}\n")
        found.append(load_features(tmp_path).quantise(sound))
    assert found[0].shape == (49, 40)
    assert (found[0] == found[1]).all()


def test_refuses_other_files(tmp_path: Path) -> None:
    for data, found in ((model_bytes("hello_world_int8"), "no Signal operator"), (fused(), "RESHAPE"), (b"", "empty")):
        (tmp_path / "graph.tflite").write_bytes(data)
        with pytest.raises(TinypackError, match=found):
            front_end(made(), tmp_path)
    with pytest.raises(TinypackError, match="readable"):
        front_end(made(), MODELS / "nowhere")


def test_splits_models() -> None:
    options = Options(type="tflite", hop="10 ms", sample_rate=8000)
    front, network = split_model(options, import_tflite(fused(), ""), "here")
    assert (front.rate, front.hop, front.shape) == (8000, 80, (40,))
    assert [node.op for node in network.nodes] == ["RESHAPE", "FULLY_CONNECTED"]
    for name, rule in (("hello_world_int8", "must begin with Signal"), (ALONE, "network must come behind")):
        with pytest.raises(TinypackError, match=rule):
            split_model(options, import_tflite(model_bytes(name), ""), "here")


REFUSED: dict[str, dict[str, Any]] = {
    "elsewhere": {"file": "../graph.tflite"},
    "no model": {"file": "graph.bin"},
    "channels": {"channels": 2},
    "no hop": {"hop": 0},
    "mean": {"mean": [1.0]},
}


@pytest.mark.parametrize("given", REFUSED.values(), ids=REFUSED)
def test_refuses_options(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Options.model_validate({"type": "tflite", "file": "graph.tflite", **given})
