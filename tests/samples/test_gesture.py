"""The sample gesture does what its README says: in Python, as its package and as its sketch."""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support.machine import lack_extra, need
from tests.support.packages import unpack
from tests.support.samples import build_sketch, copy_of, replayed
from tinypack import build_package, verify_package
from tinypack.boards import board
from tinypack.features import load_features
from tinypack.replay.aligned import align
from tinypack.replay.run import replay, replay_on_board
from tinypack.verify.core_dir import EMULATOR
from tinypack.verify.tools import run

SAMPLE = Path(__file__).parents[2] / "sample_projects" / "gesture"
README = (SAMPLE / "README.md").read_text()
METRICS = json.loads((SAMPLE / "metrics.json").read_text())
#: recording -> (label, seconds) of what the README says that is detected in it
SAID = {
    name: re.findall(r"(\w+) at ([\d.]+) s", detected)
    for name, detected in re.findall(r"\| `(\w+\.csv)` \|(.*)\|", README)
}


@pytest.fixture
def modules() -> Iterator[dict[str, Any]]:
    """Import the sample's own modules; those of other samples have the same names."""
    names = ("signals", "recordings", "evaluate")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(SAMPLE)
        for name in names:
            patch.delitem(sys.modules, name, raising=False)
        yield {name: importlib.import_module(name) for name in names}
        for name in names:
            del sys.modules[name]


def test_the_readme_tells_of_every_recording() -> None:
    assert {*SAID, "labels.csv"} == {path.name for path in (SAMPLE / "recordings").iterdir()}


@pytest.mark.parametrize("name", SAID)
def test_exactly_the_gestures_that_are_made_are_detected(modules: dict[str, Any], name: str) -> None:
    rows = replay(SAMPLE, [SAMPLE / "recordings" / name]).timeline.rows
    found = [(row.members["label"], row.at / 1000) for row in rows if row.members["is_new"] == "1"]
    assert [(label, f"{at:.1f}") for label, at in found] == SAID[name]
    spans = modules["recordings"].read_recordings(SAMPLE / "recordings")[name].spans
    assert len(spans) == (0 if name == "none.csv" else 3)
    for (label, at), span in zip(found, spans, strict=True):
        assert label == span.label == name.removesuffix(".csv")
        assert span.start < at < span.end + modules["evaluate"].LATE


def test_recordings_are_what_the_sample_makes(modules: dict[str, Any], tmp_path: Path) -> None:
    module = modules["recordings"]
    module.write_recordings(tmp_path, module.make_recordings())
    made, kept = (module.read_recordings(folder) for folder in (tmp_path, SAMPLE / "recordings"))
    assert made.keys() == kept.keys()
    for name, (samples, spans) in kept.items():
        assert made[name].spans == spans
        np.testing.assert_allclose(made[name].samples, samples, atol=9)  # 0.001 g: another libm may round otherwise


def test_windows_of_the_device_are_those_of_the_pipeline(modules: dict[str, Any]) -> None:
    name = "circle.csv"
    found = replay(SAMPLE, [SAMPLE / "recordings" / name]).found.windows
    pipeline = load_features(SAMPLE)
    samples = modules["recordings"].read_recordings(SAMPLE / "recordings")[name].samples
    expected = pipeline.windows(pipeline.quantise(samples), every=10)
    np.testing.assert_array_equal(found.reshape(expected.shape), expected)


def test_the_readme_has_the_measured_figures() -> None:
    windows, gestures, none = (METRICS[key] for key in ("windows", "gestures", "none"))
    made = np.sum(gestures["made_and_detected"])
    for said in (
        f"{windows['accuracy']:.1%} of {np.sum(windows['shown_and_found']):,} windows",
        f"{np.trace(np.array(gestures['made_and_detected'])[:, :3])} of {made} gestures",
        f"{gestures['median_delay_s']} s after they begin",
        f"{none['false_alarms']} false alarms in {none['hours']} hours",
        f"{METRICS['model_bytes']:,} bytes",
    ):
        assert said in README


def test_a_part_of_the_evaluation_comes_out_the_same(modules: dict[str, Any]) -> None:
    """Fewer recordings than those that the figures are of, so not quite the same figures."""
    evaluate = modules["evaluate"]
    found = evaluate.evaluate(SAMPLE, evaluate.held_out(streams=3, hours=1 / 6))
    assert found["windows"]["accuracy"] == pytest.approx(METRICS["windows"]["accuracy"], abs=0.01)
    assert found["gestures"]["detected"] > 0.9
    assert np.sum(found["gestures"]["made_and_detected"]) == 3 * evaluate.GESTURES_EACH
    assert found["none"]["false_alarms"] <= 2


@pytest.mark.parametrize(
    ("start", "end", "label"),
    [
        (0.0, 1.5, "none"),
        (2.0, 3.5, None),
        (2.4, 3.9, "wave"),
        (3.0, 4.5, "wave"),
        (4.2, 5.7, None),
        (4.7, 6.2, "none"),
        (5.6, 7.1, "none"),
        (6.0, 7.5, "punch"),
    ],
)
def test_what_a_window_shows(modules: dict[str, Any], start: float, end: float, label: str | None) -> None:
    span = modules["signals"].Span
    spans = (span(2.8, 5.0, "wave"), span(7.0, 7.4, "punch"))
    assert modules["recordings"].window_label(start, end, spans) == label


@pytest.mark.parametrize(("rate", "row"), [(50, "0,0,1"), (120, "0,0,1"), (100, "0,1"), (100, "1,2,3,4,5,6")])
def test_recordings_of_other_sensors_are_refused(modules: dict[str, Any], tmp_path: Path, rate: int, row: str) -> None:
    (tmp_path / "labels.csv").write_text("file,start,end,label\n")
    (tmp_path / "a.csv").write_text(f"# rate: {rate}\n{row}\n{row}\n")
    with pytest.raises(ValueError, match="3 columns at 100 Hz"):
        modules["recordings"].read_recordings(tmp_path)


def test_readings_as_the_library_prints_them(modules: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("file,start,end,label\na.csv,0.5,2,punch\n")
    (tmp_path / "a.csv").write_text("# rate: 104\nX\tY\tZ\n0.50\t-0.25\t1.00\n9.00\t0.00\t-4.00\n")
    found = modules["recordings"].read_recordings(tmp_path)["a.csv"]
    assert found.samples.tolist() == [[4096, -2048, 8192], [32767, 0, -32768]]
    assert found.spans == ((0.5, 2.0, "punch"),)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Give a copy of the sample as it is committed."""
    return copy_of(SAMPLE, tmp_path)


@pytest.mark.tools
def test_the_package_passes(copy: Path) -> None:
    need("cmake", "gcc", "g++", "arm-none-eabi-gcc", "qemu-system-arm")
    attestation = verify_package(copy, boards=["native", "mps2-an386"], formats=["cmake"], vectors=1)
    assert attestation.passed, [result.reason for result in attestation.results]
    _, emulated = attestation.results
    assert f"{emulated.instructions:,} instructions" in README


@pytest.mark.tools
def test_an_emulated_board_detects_the_same_by_its_clock() -> None:
    need("gcc", "arm-none-eabi-gcc", "qemu-system-arm")
    paths = [SAMPLE / "recordings" / name for name in SAID]
    found = replay(SAMPLE, paths)
    assert sum(row.members["is_new"] == "1" for row in found.timeline.rows) == 9
    for name in ("native", "mps2-an386"):
        compared = align(found.timeline, replay_on_board(found.content, board(name), paths))
        assert compared.good, compared.verdict


@pytest.mark.tools
def test_the_sketch_prints_gestures(copy: Path) -> None:
    need("gcc", "g++")
    program = build_sketch(copy, "native")
    for name, detected in SAID.items():
        done = replayed("native", program, SAMPLE / "recordings" / name)
        assert done.ok, done.error_text
        printed = [re.fullmatch(r"([\d.]+) s: (\w+) \([\d.]+\)", line) for line in done.text.splitlines()]
        assert [match and match.groups() for match in printed] == [(at, label) for label, at in detected]


@pytest.mark.tools
@pytest.mark.parametrize("flags", [[], ["-DNANO_REV2"]], ids=["LSM9DS1", "BMI270"])
def test_the_sketch_compiles_for_both_revisions(copy: Path, tmp_path: Path, flags: list[str]) -> None:
    need("g++")
    library = unpack(build_package(copy, formats=["arduino"]), "arduino", tmp_path / "library")
    folders = [f"-I{path}" for path in (EMULATOR / "arduino", library / "src")]
    sketch = ["-fsyntax-only", "-x", "c++", SAMPLE / "gesture" / "gesture.ino"]
    options = ["-std=gnu++11", "-Wall", "-Wextra", "-Werror", "-DARDUINO_ARDUINO_NANO33BLE", "-include", "Arduino.h"]
    done = run(["g++", *options, *flags, *folders, *sketch], time_limit=60.0)
    assert done.ok, done.error_text


@pytest.mark.slow
@pytest.mark.tools
@pytest.mark.parametrize("own", [False, True], ids=["synthetic", "own recordings"])
def test_training_from_end_to_end(modules: dict[str, Any], tmp_path: Path, own: bool) -> None:
    need("cmake", "gcc", "g++")
    if importlib.util.find_spec("tensorflow") is None:
        lack_extra("tensorflow (the extra `train`)")
    folder = tmp_path / "trained"
    more = []
    if own:
        recordings, signals = modules["recordings"], modules["signals"]
        rng = np.random.default_rng(7)
        made = {f"{i}.csv": signals.make_stream(rng, signals.KINDS * 3) for i in range(5)}
        recordings.write_recordings(tmp_path / "own", made)
        more = ["--recordings", tmp_path / "own"]
    done = run([sys.executable, SAMPLE / "train.py", folder, *more], time_limit=1200.0)
    assert done.ok, done.error_text
    metrics = json.loads((folder / "metrics.json").read_text())
    assert metrics["windows"]["accuracy"] > (0.6 if own else 0.98)
    assert (folder / "confusion.png").read_bytes().startswith(b"\x89PNG")
    attestation = verify_package(folder, boards=["native"], formats=["cmake"], vectors=2)
    assert attestation.passed, [result.reason for result in attestation.results]
