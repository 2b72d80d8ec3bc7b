from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tests.decisions.given import WORDS, make
from tests.decisions.recognize_commands import RecognizeCommands
from tinypack.decisions import Replay, decide
from tinypack.decisions.fit import Clusters

LETTERS = "suyn"  # of silence, unknown, yes, no
QUIET = {"background": ["silence", "unknown"]}
#: What comes in, a letter a result, capitals at 0.9, others at 0.4; under it the detections.
SCENARIOS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "once for as long as it lasts": (
        "SSYYYYSS",
        "  y     ",
        QUIET,
    ),
    "again after silence": (
        "SYYSSYYS",
        " y   y  ",
        QUIET,
    ),
    "another word at once": (
        "SYYNNYS",
        " y n y ",
        QUIET,
    ),
    "silence may be a label like others": (
        "SSYYSS",
        "s y s ",
        {},
    ),
    "below the threshold": (
        "SyyySYS",
        "     y ",
        QUIET,
    ),
    "a gap ends a word": (
        "SYyYS",
        " y y ",
        QUIET,
    ),
    "thresholds by label": (
        "SynYNS",
        "  nyn ",
        {**QUIET, "threshold": {"no": 0.3}},
    ),
    "all labels are held back": (
        "SYYNSYNSSSSY",
        " y   y     y",
        {**QUIET, "refractory": 4},
    ),
    "a word that outlasts the refractory time": (
        "YNNNNNS",
        "y  n   ",
        {**QUIET, "refractory": "300 ms"},
    ),
    "only the same label is held back": (
        "SYyYyyY",
        " y    y",
        {**QUIET, "refractory": 4, "refractory_scope": "label"},
    ),
    "others are not": (
        "SYNYNSSY",
        " ynyn  y",
        {**QUIET, "refractory": 4, "refractory_scope": "label"},
    ),
    "three in a row": (
        "YYSYYYYS",
        "     y  ",
        {**QUIET, "votes": 3},
    ),
    "three of four": (
        "YYSYSS",
        "   y  ",
        {**QUIET, "votes": 3, "vote_window": "400 ms"},
    ),
    "minimum count": (
        "YYYYY",
        "  y  ",
        {**QUIET, "minimum_count": 3},
    ),
    "mean of two": (
        "SYYSS",
        "  y  ",
        {**QUIET, "smoothing": "200 ms", "threshold": 0.6},
    ),
    "repeat": (
        "YYYYYYY",
        "y  y  y",
        {**QUIET, "repeat": True, "refractory": "300 ms"},
    ),
    "repeat without a refractory time": (
        "YYY",
        "yyy",
        {**QUIET, "repeat": True},
    ),
}


def heard(letters: str) -> np.ndarray:
    """Give outputs for letters.

    Shapes: -> [steps, 4] int8
    """
    rows = []
    for letter in letters:
        certain = 0.9 if letter.isupper() else 0.4
        row = np.full(4, (1 - certain) / 3)
        row[LETTERS.index(letter.lower())] = certain
        rows.append(np.clip(np.round(row * 256) - 128, -128, 127))
    return np.array(rows, np.int8)


@pytest.mark.parametrize(("letters", "expected", "options"), SCENARIOS.values(), ids=SCENARIOS)
def test_scenario(letters: str, expected: str, options: dict[str, Any]) -> None:
    got = decide(make("classify", **options), heard(letters))
    assert "".join(LETTERS[r["index"]] if r["is_new"] else " " for r in got) == expected


def test_result_tells_the_top_label_whatever_passes() -> None:
    got = decide(make("classify", threshold=0.5), heard("SyN"))
    assert got["label"].tolist() == ["silence", "yes", "no"]
    assert got["index"].tolist() == [0, 2, 3]
    assert got["is_accepted"].tolist() == [True, False, True]
    assert got["score"].tolist() == [230 * 256, 102 * 256, 230 * 256]
    assert got.dtype.names == ("index", "label", "score", "is_accepted", "is_new")


def test_without_labels_there_is_only_an_index() -> None:
    got = decide(make("classify", replace(WORDS, labels=())), heard("Y"))
    assert got.dtype.names == ("index", "score", "is_accepted", "is_new")


#: What has the same meaning in both: average window, threshold, suppression, minimum count.
COMMANDS = ((400, 120, 1500, 3), (300, 90, 500, 1), (0, 200, 0, 1), (0, 127, 300, 1), (400, 60, 1000, 5))


@pytest.mark.parametrize("settings", COMMANDS)
def test_does_what_recognize_commands_does(settings: tuple[int, int, int, int]) -> None:
    average, threshold, suppression, minimum = settings
    window = average // 100 + 1
    ours = make(
        "classify",
        smoothing=window,
        threshold=(threshold + 1) / 256,
        refractory=suppression // 100 + 1,
        refractory_scope="label",
        repeat=True,
        minimum_count=max(minimum, -(-(average // 4) // 100) + 1),
        background=["silence"],
    )
    # It truncates means to 1/256, we don't: levels whose means are whole make that no difference.
    step = int(np.lcm.reduce(range(1, window + 1)))
    generator = np.random.default_rng(settings)
    levels = generator.integers(0, 255 // step + 1, (1000, 4)) * step - 128
    outputs = np.concatenate((np.repeat(levels[:300], 7, axis=0), levels)).astype(np.int8)
    theirs = RecognizeCommands(average, threshold, suppression, minimum)
    detections = 0
    for i, (row, got) in enumerate(zip(outputs, decide(ours, outputs), strict=True)):
        expected = theirs.process(row, i * 100)
        if expected is None:
            assert not got["is_new"]
            continue
        top, score, new = expected
        assert (got["index"], got["score"]) == (top, score * 256)
        assert got["is_new"] == (new and top != 0), f"result {i}"
        detections += got["is_new"]
    assert detections > 20


def test_sums_never_drift() -> None:
    outputs = np.random.default_rng(3).integers(-128, 128, (20_000, 4)).astype(np.int8)
    decision = make("classify", smoothing=7)
    late = decide(decision, outputs)[-1000:]
    fresh = decide(decision, outputs[-1006:])[-1000:]
    assert (late["score"] == fresh["score"]).all() and (late["index"] == fresh["index"]).all()
    exact = (outputs[-7:].astype(np.int64) + 128).sum(0).max() * 256 // 7
    assert late["score"][-1] == exact


def test_replay_goes_on_where_it_was() -> None:
    outputs = np.random.default_rng(4).integers(-128, 128, (300, 4)).astype(np.int8)
    decision = make("classify", smoothing=5, votes=2, vote_window=3, refractory=9, threshold=0.3)
    replay = Replay(decision)
    parts = np.concatenate([replay.push(part) for part in np.array_split(outputs, 7)])
    whole = decide(decision, outputs)
    assert (parts == whole).all() and whole["is_new"].any()
    replay.reset()
    assert (replay.push(outputs) == whole).all()


@pytest.mark.parametrize("outputs", [np.zeros((3, 5), np.int8), np.zeros((3, 4)), np.zeros(4, np.int8)])
def test_replay_refuses_other_arrays(outputs: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"outputs must be int8 \[steps, 4\]"):
        decide(make("classify"), outputs)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    usual = Clusters(centres=[[0.0] * 6], deviations=[1.0] * 6, radii=[2.0])
    usual.save(tmp_path / "usual.json")
    return tmp_path


#: Letters of what the model says, whether the features are far off, and the labels of detections.
STRANGE: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "it goes before labels": ("SYYSS", "   ..", " y a ", {}),
    "a label behind it": ("YYYYY", "  .  ", "y ay ", {}),
    "never new if background": ("SYYSS", "  . .", " y   ", {"background": ["silence", "anomaly"]}),
    "it needs votes too": ("SSSSSS", " . .. ", "    a ", {"votes": 2}),
    "smoothed like scores": ("SSSS", "  ..", "  a ", {"smoothing": 2}),
}


@pytest.mark.parametrize(("letters", "far", "expected", "options"), STRANGE.values(), ids=STRANGE)
def test_anomaly_beside_labels(letters: str, far: str, expected: str, options: dict[str, Any], root: Path) -> None:
    options = {"background": ["silence"], **options}
    decision = make("classify", root=root, anomaly={"file": "usual.json"}, **options)
    # 3 is the zero point; 2 away in the first feature is the threshold.
    inputs = np.array([[63 if ch == "." else 3, 3, 3, 3, 3, 3] for ch in far], np.int8)
    got = decide(decision, heard(letters), inputs)
    assert "".join(r["label"][0] if r["is_new"] else " " for r in got) == expected
    assert (got["is_anomaly"] == ((got["index"] == -1) & got["is_accepted"])).all()
    assert ((got["anomaly"] >= 65536) == (got["index"] == -1)).all()
    assert (got["label"][got["index"] == -1] == "anomaly").all()


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "threshold in per cent": ({"threshold": 85}, "never reached"),
    "threshold of no label": ({"threshold": {"jes": 0.5}}, 'threshold names "jes"'),
    "background is no label": ({"background": ["noise"]}, 'background names "noise"'),
    "votes beyond their window": ({"votes": 5, "vote_window": "300 ms"}, "5 votes don't fit"),
    "votes beyond their count": ({"votes": 5, "vote_window": 3}, "vote_window of 5"),
    "text as threshold": ({"threshold": "high"}, "a threshold is a number"),
    "truth as threshold": ({"threshold": {"yes": True}}, "a threshold is a number"),
    "no number": ({"threshold": float("nan")}, "a threshold is a number"),
    "endless smoothing": ({"smoothing": "1000000 s"}, "1000 can be kept"),
    "endless refractory time": ({"refractory": 2**31}, "can be counted"),
    "endless time": ({"refractory": "1000000000 s"}, "can be counted"),
    "endless duration": ({"refractory": f"{'9' * 400} s"}, "number is at most"),
    "no hop": ({"every": 0}, "one hop"),
    "no time": ({"every": "0 ms"}, "one hop"),
}


@pytest.mark.parametrize(("options", "reason"), BAD.values(), ids=BAD)
def test_bad_options(options: dict[str, Any], reason: str) -> None:
    with pytest.raises((ValueError, ValidationError), match=reason):
        make("classify", **options)


def test_times_need_a_stream() -> None:
    still = replace(WORDS, period=0.0)
    make("classify", still, smoothing=3)
    with pytest.raises(ValueError, match="give a number of results"):
        make("classify", still, smoothing="1 s")


def test_coarse_outputs_are_refused_only_over_long_times() -> None:
    coarse = replace(WORDS, output_scale=1.0)
    make("classify", coarse, smoothing=100)
    with pytest.raises(ValueError, match="too coarse"):
        make("classify", coarse, smoothing=200)
