"""Replays recordings: the same results come from Python and from every board."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tinypack.boards import Board
from tinypack.errors import TinypackError
from tinypack.features.extractor import Sensor
from tinypack.formats import FORMATS, build_artifact
from tinypack.formats.sketch import stream_sketch
from tinypack.manifest import load_project
from tinypack.model_file import read_model
from tinypack.pack import make_content
from tinypack.package import Content
from tinypack.replay.lines import Row, read_lines, result_lines
from tinypack.replay.samples import Part, load_recordings, parts_of, samples_of
from tinypack.stream_reference import Replayed, replay_python, results
from tinypack.verify.emulated import missing
from tinypack.verify.firmware import run_firmware
from tinypack.verify.platformio import build
from tinypack.verify.workfolder import work_folder

TIME_LIMIT = 300.0  # seconds
PYTHON = "python"


@dataclass(frozen=True, eq=False)
class Timeline:
    """What a recording came to in one place."""

    place: str  # a board's id, or "python"
    rows: Sequence[Row]
    lost: int  # samples


@dataclass(frozen=True, eq=False)
class Replay:
    """A project's recordings in Python, and what is known of their features."""

    content: Content
    samples: np.ndarray
    found: Replayed
    timeline: Timeline
    parts: Sequence[Part]  # the recordings

    @property
    def streaming(self) -> bool:
        """False where the recordings are pictures."""
        return self.content.stream is not None and self.content.stream.streaming


def replay(project: str | Path, recordings: Sequence[Path], rate: float | None = None) -> Replay:
    """Replay recordings in Python: features, the oracle for the model, the decision.

    Raises: TinypackError if the project can't be built, has no features, or a recording can't be read
    """
    loaded = load_project(Path(project))
    if loaded.manifest.features is None:
        where, rule = str(loaded.manifest_path), "a project that is replayed must have a section [features]"
        raise TinypackError.one("bad-manifest", where, rule, "none", "docs/features/ describes them")
    model = read_model(loaded.model_path)
    content = make_content(loaded, model)
    assert content.stream is not None
    recording = load_recordings(recordings, rate)
    samples = samples_of(recording, content.stream, sensor(content), str(recordings[0]))
    found = replay_python(content.stream, model, content.program.graph, samples)
    lines = result_lines(content.stream.decision.results, results(content.stream, found), content.stream.streaming)
    rows, lost, _ = read_lines("\n".join(lines))
    return Replay(content, samples, found, Timeline(PYTHON, rows, lost), parts_of(recordings, rate))


def sensor(content: Content) -> Sensor:
    """Say which sensor the package's sketch reads."""
    assert content.stream is not None
    return stream_sketch(content, content.stream, content.names.macro).sensor


def replay_on_board(
    content: Content, board: Board, recordings: Sequence[Path], rate: float | None = None, wait: bool = False
) -> Timeline:
    """Build the package's sketch `Stream` for a board and run it over recordings.

    The sensor delivers by the board's emulated clock, or waits for the sketch.
    Raises: TinypackError (missing-tool, build-failed, does-not-fit, run-failed)
    """
    assert content.stream is not None
    reason = missing(board)
    if reason:
        raise TinypackError.one("missing-tool", f"board {board.id}", "the board must run here", reason)
    sketch = stream_sketch(content, content.stream, content.names.macro)
    artifact = build_artifact(FORMATS["platformio"], content)
    by_serial = sketch.sensor == "serial" or (sketch.sensor == "camera" and not sketch.resolution)
    options: list[str | Path] = [word for path in recordings for word in ("--recording", path.resolve())]
    options += ["--wait"] if wait else []
    options += ["--serial"] if by_serial else []
    options += ["--rate", str(rate)] if rate is not None else []
    name = board.platformio.board
    with work_folder(f"{artifact.sha256[:16]}-replay-{name}") as folder:
        elf = build(artifact, name, folder, {"replayed": ()}, "Stream")["replayed"]
        done, _ = run_firmware(name, elf, b"", TIME_LIMIT, False, options)
    rows, lost, rest = read_lines(done.text)
    if done.code != 0:
        said = "; ".join([*rest, *done.error_text.strip().splitlines()][-3:])
        rule = "the sketch must run to the recording's end"
        raise TinypackError.one("run-failed", f"{artifact.filename} on {board.id}", rule, f"code {done.code}: {said}")
    return Timeline(board.id, rows, lost)
