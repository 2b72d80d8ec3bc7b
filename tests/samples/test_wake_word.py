"""The sample wake_word hears its recordings: in Python, natively, and on emulated boards by their clocks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.machine import lack, need
from tests.support.samples import build_sketch, copy_of, replayed
from tinypack import verify_package
from tinypack.boards import board, load_boards
from tinypack.replay.aligned import align
from tinypack.replay.run import Timeline, replay, replay_on_board
from tinypack.verify.emulated import missing

SAMPLE = Path(__file__).parents[2] / "sample_projects" / "wake_word"
RECORDINGS = {name: SAMPLE / "recordings" / f"{name}_1000ms.wav" for name in ("silence", "yes", "noise", "no")}
README = (SAMPLE / "README.md").read_text()
#: recording -> label, score, what is heard
SAID = {row[0]: row[1:] for row in re.findall(r"\| (\w+)_1000ms \| (\w+) \| (\d\.\d{4}) \| (\w*) ?\|", README)}


def heard(timeline: Timeline) -> list[str]:
    return [row.members["label"] for row in timeline.rows if row.members["is_new"] == "1"]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample for boards that keep no more samples than a fast one needs."""
    folder = copy_of(SAMPLE, tmp_path_factory.mktemp("small"))
    manifest = folder / "tinypack.toml"
    manifest.write_text(re.sub(r"boards = .*", 'boards = ["native"]', manifest.read_text()))
    return folder


@pytest.mark.parametrize("name", RECORDINGS)
def test_hears_what_the_readme_says(name: str) -> None:
    found = replay(SAMPLE, [RECORDINGS[name]]).timeline
    (row,) = found.rows
    assert (row.members["label"], row.members["score"], "".join(heard(found))) == SAID[name]
    assert heard(found) == ([name] if name in ("yes", "no") else [])


@pytest.mark.tools
def test_boards_hear_the_same_by_their_clocks() -> None:
    need("gcc", "arm-none-eabi-gcc", "qemu-system-arm")
    found = replay(SAMPLE, list(RECORDINGS.values()))
    assert heard(found.timeline) == ["yes", "no"]
    for name in ("native", "mps2-an386"):
        timeline = replay_on_board(found.content, board(name), list(RECORDINGS.values()))
        assert align(found.timeline, timeline).good, (timeline.lost, [row.text for row in timeline.rows])


@pytest.mark.tools
def test_cortex_m0_hears_the_same_if_the_sensor_waits_and_counts_what_it_loses_if_not(small: Path) -> None:
    need("arm-none-eabi-gcc", "qemu-system-arm")
    recordings = list(RECORDINGS.values())
    found = replay(small, recordings)
    assert align(found.timeline, replay_on_board(found.content, board("microbit"), recordings, wait=True)).good
    late = replay_on_board(found.content, board("microbit"), recordings)
    assert 16000 < late.lost < 64000
    assert not align(found.timeline, late).good


@pytest.mark.slow
@pytest.mark.parametrize("name", [each.id for each in load_boards().values() if each.emulated])
def test_every_board_hears_the_same(name: str, small: Path) -> None:
    reason = missing(board(name))
    if reason:
        lack(reason)
    recordings = list(RECORDINGS.values())
    found = replay(small, recordings)
    assert align(found.timeline, replay_on_board(found.content, board(name), recordings, wait=True)).good


@pytest.mark.tools
def test_the_sketch_hears_both_words(tmp_path: Path) -> None:
    need("gcc", "g++")
    program = build_sketch(copy_of(SAMPLE, tmp_path), "native")
    done = replayed("native", program, *RECORDINGS.values())
    assert (done.code, done.text.splitlines()) == (0, ["1990 ms: yes", "3990 ms: no"]), done.error_text


@pytest.mark.tools
def test_the_package_is_verified(tmp_path: Path) -> None:
    need("gcc", "arm-none-eabi-gcc", "qemu-system-arm")
    attestation = verify_package(SAMPLE, tmp_path, ["native", "mps2-an386"], ["platformio"], vectors=2)
    assert attestation.passed
    frames = {result.board: result.frame_instructions for result in attestation.results}
    assert frames["mps2-an386"] is not None and frames["mps2-an386"] < 100_000
