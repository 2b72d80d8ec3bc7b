"""The sample keyword_mlperf does what its README says, in Python and as its sketch."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.features.agreement import agreement
from tests.features.float_reference import compute
from tests.features.libraries import LIBRARIES
from tests.support.machine import lack, need
from tests.support.models import MODELS
from tests.support.samples import build_sketch, copy_of, replayed
from tinypack import verify_package
from tinypack.emulator.builder.recording import read_recordings
from tinypack.features import load_features
from tinypack.features.audio_design import design
from tinypack.features.audio_options import MfccOptions
from tinypack.replay.run import replay

SAMPLE = Path(__file__).parents[2] / "sample_projects" / "keyword_mlperf"
RECORDINGS = {path.stem: path for path in sorted((SAMPLE / "recordings").glob("*.wav"))}
README = (SAMPLE / "README.md").read_text()
ROW = re.compile(r"\| (\w+) \| (\d+) \| (\w+) \| (\d\.\d{4}) \| (yes)? ?\|")
#: recording -> milliseconds, label, score, whether it is heard
SAID = {name: (time, label, score, heard == "yes") for name, time, label, score, heard in ROW.findall(README)}


def samples(name: str) -> np.ndarray:
    recording = read_recordings([RECORDINGS[name]], None)
    assert (recording.rate, recording.channels) == (16000, 1)
    return np.frombuffer(recording.data, "<i2")


@pytest.mark.parametrize("name", RECORDINGS)
def test_hears_what_the_readme_says(name: str) -> None:
    (row,) = replay(SAMPLE, [RECORDINGS[name]]).timeline.rows
    found = row.members
    assert (str(row.at), found["label"], found["score"], found["is_new"] == "1") == SAID[name]


@pytest.mark.parametrize("library", [False, True], ids=["float64", "TensorFlow"])
@pytest.mark.parametrize("name", RECORDINGS)
def test_features_are_those_of_training(name: str, library: bool) -> None:
    pipeline = load_features(SAMPLE)
    options = pipeline.options
    assert isinstance(options, MfccOptions) and pipeline.scale is not None
    expected = LIBRARIES["mfcc", "tf-signal"](samples(name)) if library else compute(design(options), samples(name))
    expected = np.clip(np.floor(expected / pipeline.scale + pipeline.zero_point + 0.5), -128, 127)
    found = agreement(pipeline.quantise(samples(name)), expected)
    assert found.good, found


def test_the_table_of_levels() -> None:
    spec = importlib.util.spec_from_file_location("keyword_mlperf_evaluate", SAMPLE / "evaluate.py")
    assert spec is not None and spec.loader is not None
    evaluate: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(evaluate)
    assert evaluate.table() in README


def test_copies_are_the_originals() -> None:
    copies = [SAMPLE / "kws_ref_model.tflite", *(path for name, path in RECORDINGS.items() if "marvin" not in name)]
    originals = [MODELS / ("audio" if path.suffix == ".wav" else "") / path.name for path in copies]
    if not MODELS.exists():
        lack(str(MODELS))
    assert [path.read_bytes() for path in copies] == [path.read_bytes() for path in originals]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Give a copy of the sample as it is committed."""
    return copy_of(SAMPLE, tmp_path)


@pytest.mark.tools
def test_the_package_passes(copy: Path) -> None:
    need("cmake", "gcc", "g++")
    attestation = verify_package(copy, boards=["native"], formats=["cmake"], vectors=1)
    assert attestation.passed, [result.reason for result in attestation.results]


@pytest.mark.tools
def test_the_sketch_hears_what_python_does(copy: Path) -> None:
    need("gcc", "g++")
    program = build_sketch(copy, "native")
    for name, path in RECORDINGS.items():
        heard = replayed("native", program, path)
        time, label, score, is_new = SAID[name]
        said = [f"{time} ms: {label} {score}{', heard' if is_new else ''}"]
        assert (heard.code, heard.text.splitlines()) == (0, said), heard.error_text
