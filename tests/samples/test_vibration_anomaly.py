"""The sample vibration_anomaly does what its README says, from the committed model; and, slowly, from nothing."""

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

from tests.features.libraries import need_module
from tests.support.machine import need, need_board
from tests.support.samples import build_sketch, copy_of, replayed
from tests.support.timers import TIMERS
from tinypack import build_package, verify_package
from tinypack.boards import board
from tinypack.replay.run import replay, replay_on_board
from tinypack.templates_location import templates_folder
from tinypack.verify.core_dir import EMULATOR
from tinypack.verify.tools import run

SAMPLE = Path(__file__).parents[2] / "sample_projects" / "vibration_anomaly"
README = (SAMPLE / "README.md").read_text(encoding="utf-8")
METRICS: dict[str, Any] = json.loads((SAMPLE / "metrics.json").read_text(encoding="utf-8"))
RECORDINGS = {path.stem: path for path in sorted((SAMPLE / "recordings").glob("*.csv"))}
ROW = re.compile(r"\| ([a-z-]+) \| ((?:\d+\.\d\d ?)+) \| (?:from (\d\.\d) s on|no) \|")
#: recording -> scores, and since when it is an anomaly
SAID = {name: (scores.split(), since) for name, scores, since in ROW.findall(README)}
MODULES = ("signals", "evaluate", "figures", "train")
LIMIT = 900.0  # seconds


@pytest.fixture(scope="module")
def sample() -> Iterator[dict[str, Any]]:
    """Import the sample's modules; other samples have some of the same names."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(SAMPLE)
        for name in MODULES:
            patch.delitem(sys.modules, name, raising=False)
        yield {name: importlib.import_module(name) for name in MODULES}
        for name in MODULES:
            del sys.modules[name]


def said(name: str) -> list[str]:
    """Give what the sample's sketch prints of a recording."""
    scores, since = SAID[name]
    times = [f"{(1280 + 640 * i) / 1000:.1f}" for i in range(len(scores))]
    return [
        f"{time} s: {score}{' anomaly' if since and float(time) >= float(since) else ''}"
        for time, score in zip(times, scores, strict=True)
    ]


@pytest.mark.parametrize("name", RECORDINGS)
def test_replay_gives_what_the_readme_says(name: str) -> None:
    rows = replay(SAMPLE, [RECORDINGS[name]]).timeline.rows
    anomaly = {"0": "", "1": " anomaly"}
    found = [
        f"{row.at / 1000:.1f} s: {float(row.members['score']):.2f}{anomaly[row.members['is_anomaly']]}" for row in rows
    ]
    assert found == said(name)
    assert any("anomaly" in line for line in found) == (name != "normal")


def test_the_readme_states_the_metrics(sample: dict[str, Any]) -> None:
    assert sample["evaluate"].table(METRICS) in README
    for key in ("false_alarms_an_hour", "threshold"):
        assert f"{METRICS[key]}" in README
    assert f"{METRICS['results_over_threshold_of_normal']:.2%}".replace("%", " %") in README
    assert f"\nthreshold = {METRICS['threshold']} " in (SAMPLE / "tinypack.toml").read_text(encoding="utf-8")


def test_other_recordings_give_about_the_same(sample: dict[str, Any]) -> None:
    evaluate = sample["evaluate"]
    found = evaluate.metrics(evaluate.evaluate(SAMPLE, seed=evaluate.SEED + 100, usual=25, faulty=25))
    assert found["results_over_threshold_of_normal"] < 0.02
    for kind, of in METRICS["faults"].items():  # of 25 recordings, most are either found all along or not at all
        assert found["faults"][kind]["auc"] == pytest.approx(of["auc"], abs=0.08), kind


def test_auc_counts_pairs(sample: dict[str, Any]) -> None:
    usual, faulty = np.array([0.1, 0.2, 0.2, 0.7]), np.array([0.2, 0.5, 0.9])
    pairs = [(f > u) + (f == u) / 2 for f in faulty for u in usual]
    assert sample["evaluate"].auc(usual, faulty) == pytest.approx(np.mean(pairs))


def test_recordings_are_made_by_the_script(sample: dict[str, Any], tmp_path: Path) -> None:
    sample["train"].write_recordings(tmp_path)
    assert {p.stem: p.read_text() for p in tmp_path.iterdir()} == {n: p.read_text() for n, p in RECORDINGS.items()}


def test_seeds_differ(sample: dict[str, Any]) -> None:
    """What is evaluated was neither trained with nor chosen the threshold from."""
    seeds = [*sample["train"].SEEDS.values(), sample["evaluate"].SEED]
    assert len(set(seeds)) == len(seeds)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Give a copy of the sample as it is committed."""
    return copy_of(SAMPLE, tmp_path)


@pytest.mark.tools
def test_the_package_passes(copy: Path) -> None:
    need("gcc", "g++")
    need_board("mps2-an386")
    attestation = verify_package(copy, boards=["native", "mps2-an386"], formats=["platformio"], vectors=1)
    assert attestation.passed, [result.reason for result in attestation.results]


@pytest.mark.tools
def test_by_the_clock_no_sample_is_lost() -> None:
    need_board("mps2-an386")
    recordings = [RECORDINGS["normal"], RECORDINGS["imbalance"]]
    found = replay(SAMPLE, recordings)
    timeline = replay_on_board(found.content, board("mps2-an386"), recordings)
    assert (timeline.rows, timeline.lost) == (found.timeline.rows, 0)


def test_the_sketch_samples_as_that_of_packages() -> None:
    template = templates_folder() / "sketch_analog" / "examples" / "Stream" / "sampling.h.j2"
    licence, _, text = template.read_text().partition("\n")
    assert "SPDX" in licence
    assert text == (SAMPLE / "vibration_anomaly" / "sampling.h").read_text()


@pytest.mark.tools
@pytest.mark.parametrize("name", ["native", "mps2-an386"])
def test_the_sketch_says_what_python_does(copy: Path, name: str) -> None:
    need("gcc", "g++")
    need_board(name)
    program = build_sketch(copy, name)
    for recording, path in RECORDINGS.items():
        done = replayed(name, program, path)
        assert (done.code, done.text.splitlines()) == (0, said(recording)), done.error_text


@pytest.mark.tools
@pytest.mark.parametrize("core", TIMERS)
def test_the_sketch_compiles_for_real_boards(copy: Path, core: str) -> None:
    need("g++")
    built = build_package(copy, formats=["cmake"])
    header = f"{built.content.names.prefix}.h"
    (copy / header).write_text(built.content.sources[header])
    define, header, text = TIMERS[core]
    (copy / header).write_text(text)
    (copy / "core.h").write_text('#include "Arduino.h"\nvoid analogReadResolution(int bits);\n')
    folders = [f"-I{copy}", f"-I{EMULATOR / 'arduino'}"]
    options = ["-std=gnu++11", "-Wall", "-Wextra", "-Werror", f"-D{define}", "-include", "core.h"]
    sketch = copy / "vibration_anomaly" / "vibration_anomaly.ino"
    done = run(["g++", *options, *folders, "-fsyntax-only", "-x", "c++", sketch], time_limit=60.0)
    assert done.ok, done.error_text


@pytest.mark.slow
@pytest.mark.tools
def test_from_nothing_to_a_verified_package(tmp_path: Path) -> None:
    need_module("tensorflow")
    need("gcc", "g++")
    need_board("mps2-an386")
    done = run([sys.executable, SAMPLE / "train.py", tmp_path / "new"], time_limit=LIMIT)
    assert done.ok, done.error_text[-2000:]
    found = json.loads((tmp_path / "new" / "metrics.json").read_text())
    for kind, of in METRICS["faults"].items():
        assert found["faults"][kind]["auc"] == pytest.approx(of["auc"], abs=0.03), kind
    assert found["false_alarms_an_hour"] < 10
    for picture in ("roc.png", "features.png"):
        assert (tmp_path / "new" / picture).stat().st_size > 10_000
    attestation = verify_package(tmp_path / "new", boards=["native", "mps2-an386"], formats=["platformio"], vectors=1)
    assert attestation.passed, [result.reason for result in attestation.results]
