from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.replay.projects import PROJECTS
from tinypack.errors import TinypackError
from tinypack.manifest import load_project
from tinypack.replay import card
from tinypack.replay.card import PAIRS, timeline, timeline_artifact
from tinypack.replay.run import replay


def write(folder: Path, name: str) -> Path:
    """Make a project whose card names its first recording; give that."""
    recording = PROJECTS[name].write(folder)[0]
    manifest = folder / "tinypack.toml"
    manifest.write_text(manifest.read_text() + f'[card]\nrecording = "{recording.name}"\n')
    return recording


def made(folder: Path) -> dict[str, Any]:
    found = timeline(load_project(folder))
    assert found is not None
    return found


def test_sound(tmp_path: Path) -> None:
    recording = write(tmp_path, "audio")
    found, played = made(tmp_path), replay(tmp_path, [recording])
    assert found["results"] == [{"time_ms": row.at, **row.values()} for row in played.timeline.rows]
    assert {type(row["score"]) for row in found["results"]} == {float}
    about = found["recording"]
    assert about["sha256"] == hashlib.sha256(recording.read_bytes()).hexdigest()
    assert (about["name"], about["sample_rate"], about["duration_ms"], about["channels"]) == (
        "tone.wav",
        16000,
        1000,
        1,
    )
    ((*pairs,),) = about["envelope"]
    assert len(pairs) == PAIRS
    assert (min(low for low, _ in pairs), max(high for _, high in pairs)) == (
        int(played.samples.min()),
        int(played.samples.max()),
    )
    # The tone grows.
    assert pairs[0][1] < pairs[PAIRS // 2][1] < pairs[-1][1]


def test_each_channel_has_its_envelope(tmp_path: Path) -> None:
    write(tmp_path, "imu")
    about = made(tmp_path)["recording"]
    assert [len(channel) for channel in about["envelope"]] == [PAIRS] * 3
    assert about["envelope"][2][0] == [4096, 4096]  # a g, at rest


def test_pictures_have_no_envelope(tmp_path: Path) -> None:
    write(tmp_path, "pictures")
    found = made(tmp_path)
    assert (found["recording"]["images"], found["recording"]["envelope"]) == (1, [])
    assert [row["image"] for row in found["results"]] == [0]


def test_without_a_recording_there_is_none(tmp_path: Path) -> None:
    PROJECTS["audio"].write(tmp_path)
    assert timeline(load_project(tmp_path)) is None is timeline_artifact(load_project(tmp_path))


def test_the_file_is_small_and_the_same_each_time(tmp_path: Path) -> None:
    write(tmp_path, "audio")
    first, second = (timeline_artifact(load_project(tmp_path)) for _ in range(2))
    assert first is not None and first == second
    assert (first.format, first.filename) == ("timeline", "kws-1.0.0.timeline.json")
    assert json.loads(first.data) == made(tmp_path) and len(first.data) < 10_000


def test_what_can_not_be_shown_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = write(tmp_path, "audio")
    monkeypatch.setattr(card, "MOST_RESULTS", 3)
    with pytest.raises(TinypackError, match="up to 3 results"):
        timeline(load_project(tmp_path))
    recording.unlink()
    with pytest.raises(TinypackError, match="no such file"):
        timeline(load_project(tmp_path))
