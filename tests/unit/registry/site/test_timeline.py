from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.registry_site import timeline
from tests.unit.replay.projects import PROJECTS
from tinypack.manifest import load_project
from tinypack.registry.site.timeline import MOST_RESULTS, Timeline, read_timeline
from tinypack.replay.card import timeline_artifact


@pytest.mark.parametrize("name", PROJECTS)
def test_what_projects_give_is_drawn(name: str, tmp_path: Path) -> None:
    recording = PROJECTS[name].write(tmp_path)[0]
    manifest = tmp_path / "tinypack.toml"
    manifest.write_text(manifest.read_text() + f'[card]\nrecording = "{recording.name}"\n')
    made = timeline_artifact(load_project(tmp_path))
    assert made is not None
    found = read_timeline(made.data)
    assert found is not None
    assert found.recording == recording.name
    assert len(found.rows) == len(json.loads(made.data)["results"])
    assert all(len(row) == len(found.columns) for row in found.rows)
    assert all(0 <= span.x <= span.x + span.width <= found.width + 1 for span in found.spans)


def test_what_is_detected_is_said() -> None:
    found = read_timeline(timeline())
    assert isinstance(found, Timeline)
    assert found.detected == ["right at 0.80 s", "right at 3.40 s"]
    assert [span.number for span in found.spans] == [0, 1, 0, 1, 0]
    assert found.colours == {"right": 1}
    assert len(found.marks) == 2 and len(found.waves) == 1
    assert (found.top, found.seconds) == ("1", "4.50 s")


ABOUT = {"name": "a.wav", "duration_ms": 1000, "envelope": []}


def changed(**changes: Any) -> bytes:
    return json.dumps({**json.loads(timeline(3)), **changes}).encode()


def test_only_what_is_detected_has_a_colour() -> None:
    told = (("none", False), ("none", False), ("wave", True), ("none", False), ("punch", True), ("punch", False))
    rows = [
        {"time_ms": 100 * i, "label": label, "is_accepted": True, "is_new": new} for i, (label, new) in enumerate(told)
    ]
    found = read_timeline(changed(recording=ABOUT, results=rows))
    assert found is not None
    assert [(span.text, span.number) for span in found.spans] == [("none", 0), ("wave", 1), ("none", 0), ("punch", 2)]
    assert [(span.x, span.width) for span in found.spans][-1] == (400, 600)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"[" * 100_000,
        b'{"recording": {"name": "a", "duration_ms": 1e999}, "results": []}',
        changed(results=[]),
        changed(results=[{"time_ms": "1"}]),
        changed(results=[{"time_ms": True}]),
        changed(results=[{"score": 1.0}]),
        changed(results=[{"time_ms": 1}] * (MOST_RESULTS + 1)),
        changed(recording={**ABOUT, "envelope": [[[1, 2, 3]]]}),
        changed(recording={**ABOUT, "duration_ms": -1}),
        changed(recording=None),
        b'{"recording": {"name": "a", "duration_ms": 9}, "results": [{"time_ms": 1, "score": NaN}]}',
    ],
)
def test_what_is_none_is_not_drawn(data: bytes) -> None:
    assert read_timeline(data) is None


@pytest.mark.parametrize(
    "row",
    [
        {"time_ms": 10**400, "score": 1.0},
        {"time_ms": -5, "score": -1e308, "label": "</svg><script>"},
        {"time_ms": 1, "score": 10**400},
        {"time_ms": 1, "score": "high", "values": [1, 2.5]},
    ],
)
def test_odd_figures_stay_in_the_picture(row: dict[str, Any]) -> None:
    found = read_timeline(changed(recording=ABOUT, results=[{"time_ms": 0, "score": 0.5}, row]))
    assert found is None or ("inf" not in found.score and "nan" not in found.score)
