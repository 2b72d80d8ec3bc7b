from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.support.models import model_bytes
from tinypack.compile.stream import Stream
from tinypack.compile.stream import test_results as result_count
from tinypack.compile.stream import test_signal as signal
from tinypack.errors import TinypackError
from tinypack.features import EXTRACTORS, load_features
from tinypack.features.pipeline import Pipeline
from tinypack.manifest import load_project
from tinypack.pack import compile_project, read_model

HEAD = '[package]\nname = "kws"\n[model]\nfile = "kws_ref_model.tflite"\n'
RAW = '[features]\ntype = "raw"\nsample_rate = 100\nchannels = 10\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "kws_ref_model.tflite").write_bytes(model_bytes("kws_ref_model"))
    return tmp_path


def stream(folder: Path, text: str) -> Stream:
    (folder / "tinypack.toml").write_text(HEAD + text)
    project = load_project(folder)
    _, _, found = compile_project(project, read_model(project.model_path))
    assert found is not None
    return found


def test_a_stream_is_planned_around_the_model(folder: Path) -> None:
    found = stream(folder, RAW + '[decision]\ntype = "classify"\nevery = "4 s"\n')
    assert (found.frames, found.every, found.need, found.inputs) == (49, 400, 1, 490)
    # At 25 MHz an inference takes about as long as 18 hops of 10 ms.
    assert 18 < found.ring < 30


def test_a_frame_may_hold_several_hops(folder: Path) -> None:
    assert stream(folder, RAW.replace("channels = 10", "channels = 1\nhop = 70")).frames == 7


#: What follows the model in tinypack.toml; the place and the rule that the message names.
REFUSED = {
    "frames do not fit": (RAW.replace("= 10\n", "= 8\n"), "5: features", "frames of 8 features"),
    "frames said otherwise": (RAW + "frames = 50\n", "5: features", "50 frames of 10 features"),
    "too many means": (RAW + "mean = [1, 2]\n", "9: features.mean", "one for each of the 10"),
    "unknown type": (RAW.replace("raw", "cooked"), "5: features", "the type must be one of"),
    "no type": (RAW.replace('type = "raw"\n', ""), "5: features", "must say its type"),
    "unknown key": (RAW + "fft = 3\n", "9: features.fft", "a key must be one that tinypack knows"),
    "not a number": (RAW.replace("100", '"100"'), "7: features.sample_rate", "must be a number"),
    "too slow a rate": (RAW.replace("100", "0.001"), "7: features.sample_rate", "0.01 to 1,000,000 Hz"),
    "too fast a rate": (RAW.replace("100", "1e300"), "7: features.sample_rate", "0.01 to 1,000,000 Hz"),
    "huge unit": (RAW + "unit = 1e39\n", "9: features.unit", "between 1e-30 and 1e+30"),
    "tiny std": (RAW + "std = [1e-320]\n", "9: features.std", "between 1e-30 and 1e+30"),
    "huge mean": (RAW + "mean = [-1e308]\n", "9: features.mean", "between 1e-30 and 1e+30"),
    "endless duration": (RAW + f'hop = "{"9" * 400} s"\n', "9: features.hop", "a duration's number is at most"),
    "endless number": (RAW + f"hop = {10**18}\n", "9: features.hop", "a duration's number is at most"),
    "far apart": (RAW + '[decision]\ntype = "classify"\nevery = 2147483648\n', "11: decision.every", "hops apart"),
    "hundreds of digits": (RAW + f'[decision]\ntype = "classify"\nevery = {"9" * 400}\n', "11: decision.every", "most"),
    "pictures have no hops": (
        '[features]\ntype = "image"\nwidth = 10\nheight = 49\npixels = "grey"\noutput_width = 10\noutput_height = 49\n'
        'colours = "grey"\n[decision]\ntype = "classify"\nevery = 2\n',
        "15: decision.every",
        "a result each",
    ),
    "endless filter": (
        '[features]\ntype = "spectral"\nsample_rate = 100\nwindow = "1 s"\nlowest = inf\n',
        "9: features.lowest",
        "finite number",
    ),
    "long hop": ('[features]\ntype = "microfrontend"\nhop = "3 s"\n', "5: features", "1 to 32768 samples"),
    "long hop of a graph": ('[features]\ntype = "tflite"\nhop = "3 s"\n', "5: features", "1 to 32768 samples"),
    "tiny gain": ('[features]\ntype = "microfrontend"\npcan_offset = 1e-320\n', "7: features.pcan_offset", "1e-30"),
    "time is a member already": (
        RAW + '[decision]\ntype = "regress"\nnames = ["time_ms"]\n',
        "11: decision.names.0",
        "no member that results have",
    ),
    "a type": (RAW + '[decision]\ntype = "regress"\nnames = ["uint8_t"]\n', "11: decision.names.0", "no word of C"),
    "negative": (RAW.replace("100", "-1"), "7: features.sample_rate", "must be greater than 0"),
    "duration": (RAW + 'hop = "3 weeks"\n', "9: features.hop", "a duration is"),
    "preset": (RAW + 'preset = "none such"\n', "5: features", "a preset is one of"),
    "camera of samples": (RAW + 'sensor = "camera"\n', "9: features.sensor", "the others samples"),
    "decision alone": ('[decision]\ntype = "regress"\n', "1", "[decision] needs [features]"),
    "decision and model": (
        RAW + '[decision]\ntype = "regress"\nnames = ["a"]\n',
        "9: decision",
        "must go together with the model",
    ),
}


@pytest.mark.parametrize(("text", "place", "rule"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_go_together_is_refused(text: str, place: str, rule: str, folder: Path) -> None:
    with pytest.raises(TinypackError) as caught:
        stream(folder, text)
    assert f"tinypack.toml:{place}" in str(caught.value)
    assert rule in str(caught.value)


@pytest.mark.parametrize(("every", "results"), [(1, 3), (40_000, 3), (80_000, 2), (2**31 - 1, 1)])
def test_the_self_test_does_not_wait_for_results_that_are_far_apart(every: int, results: int, folder: Path) -> None:
    found = stream(folder, RAW + f'[decision]\ntype = "classify"\nevery = {every}\n')
    assert signal(found).count == 49 + (results - 1) * every
    assert result_count(found) == results


def test_features_need_no_model(tmp_path: Path) -> None:
    (tmp_path / "tinypack.toml").write_text(HEAD + RAW + "frames = 49\n")
    pipeline = load_features(tmp_path)
    clip = np.arange(500, dtype=np.int16).reshape(50, 10)
    assert pipeline.windows(pipeline.transform(clip)).shape == (2, 49, 10)
    with pytest.raises(ValueError, match="give scale and zero_point"):
        pipeline.quantise(clip)
    assert pipeline.quantise(clip, scale=4.0, zero_point=-128)[0, :5].tolist() == [-128, -128, -127, -127, -127]


def test_features_take_the_quantisation_of_a_model_that_is_there(folder: Path) -> None:
    (folder / "tinypack.toml").write_text(HEAD + RAW)
    pipeline = load_features(folder / "tinypack.toml")
    tensor = compile_project(load_project(folder), read_model(folder / "kws_ref_model.tflite"))[1].inputs[0]
    assert tensor.quantization is not None
    assert (pipeline.scale, pipeline.frames) == (tensor.quantization.scale, 49)


def test_a_project_without_features_has_none_to_load(tmp_path: Path) -> None:
    (tmp_path / "tinypack.toml").write_text(HEAD)
    with pytest.raises(TinypackError, match=r"must have a section \[features\]"):
        load_features(tmp_path)


def pipeline_of(**keys: object) -> Pipeline:
    extractor = EXTRACTORS[str(keys["type"])]
    options = extractor.Options.model_validate(keys)
    return Pipeline(extractor.front_end(options), options, scale=1.0, frames=3)


AXES = {"sample_rate": 100, "channels": 2, "window": 64}
#: Options and the shapes of samples and features, where there is nothing to compute.
NOTHING: dict[str, tuple[dict[str, object], tuple[int, ...], tuple[int, ...]]] = {
    "no clips": ({"type": "mfcc", "sample_rate": 16000}, (0, 1000), (0, 2, 13)),
    "no samples": ({"type": "raw", "sample_rate": 100, "channels": 2}, (0, 2), (0, 2)),
    "short clips": ({"type": "mfcc", "sample_rate": 16000}, (3, 479), (3, 0, 13)),
    "a short window": ({"type": "statistics", **AXES}, (63, 2), (0, 8)),
    "no windows": ({"type": "spectral", **AXES}, (0, 64, 2), (0, 1, 70)),
}


@pytest.mark.parametrize(("keys", "given", "expected"), NOTHING.values(), ids=NOTHING)
def test_where_no_frame_is_full_there_are_no_features(
    keys: dict[str, object], given: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    pipeline, samples = pipeline_of(**keys), np.zeros(given, np.int16)
    features, quantised = pipeline.transform(samples), pipeline.quantise(samples)
    assert (features.shape, features.dtype) == (expected, np.float32)
    assert (quantised.shape, quantised.dtype) == (expected, np.int8)
    assert pipeline.windows(features).shape[-3:-1] == (0, 3)


IMAGE = {"type": "image", "width": 4, "height": 4, "pixels": "grey"}
IMAGE |= {"output_width": 2, "output_height": 2, "colours": "grey"}


def test_images_have_all_their_bytes_and_no_floats() -> None:
    pipeline = pipeline_of(**IMAGE)
    assert pipeline.transform(np.zeros((0, 16), np.uint8)).shape == (0, 1, 2, 2, 1)
    with pytest.raises(ValueError, match="an image must have 16 bytes, not 5"):
        pipeline.transform(np.zeros((2, 5), np.uint8))
    with pytest.raises(ValueError, match="samples must be uint8, not float64"):
        pipeline.transform(np.zeros(16))


def test_what_is_no_number_is_silence_and_what_is_too_large_saturates() -> None:
    pipeline = pipeline_of(type="raw", sample_rate=10, channels=4)
    assert pipeline.fixed(np.array([[np.nan, np.inf, -np.inf, 2.5]])).tolist() == [[0, 32767, -32768, 3]]


def test_a_pipeline_is_what_scikit_learn_wants() -> None:
    raw = EXTRACTORS["raw"]
    options = raw.Options.model_validate({"type": "raw", "sample_rate": 10, "channels": 2})
    pipeline = Pipeline(raw.front_end(options), options)
    copy = Pipeline(**pipeline.get_params()).set_params(frames=3)
    clips = np.zeros((4, 6, 2), np.int16)
    assert copy.fit(clips).transform(clips).shape == (4, 6, 2)
    assert copy.windows(copy.fit_transform(clips), every=2).shape == (4, 2, 3, 2)
