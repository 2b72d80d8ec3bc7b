"""Recordings as files: CSV with a row of x, y, z in g a sample, and `labels.csv` that says when gestures were made.

python recordings.py makes those in recordings/. Your own ones are files of the same kind: see README.md.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from signals import GESTURES, NONE, RATE, UNIT, Recording, Span, make_stream

from tinypack.replay.samples import load_recordings

LABELS = "labels.csv"
SEED = 2000
RATE_TOLERANCE = 0.05  # IMUs of 104 Hz may do for 100
MOST = 0.7  # of a gesture, or of the window where that is shorter: a window with more shows the gesture
LEAST = 0.25  # a window with less shows none


def make_recordings() -> dict[str, Recording]:
    """Make a synthetic recording of each gesture, made three times, and one of none."""
    rng = np.random.default_rng(SEED)
    made = {f"{kind}.csv": make_stream(rng, [kind] * 3, (1, 2)) for kind in GESTURES}
    return {**made, f"{NONE}.csv": make_stream(rng, [NONE] * 5, (2, 3))}


def read_recordings(folder: Path) -> dict[str, Recording]:
    """Read a folder's recordings, by name of file.

    Raises: ValueError if a file has other columns or another rate; TinypackError if it can't be read
    """
    with (folder / LABELS).open(newline="") as file:
        rows = [
            (row["file"], Span(float(row["start"]), float(row["end"]), row["label"])) for row in csv.DictReader(file)
        ]
    return {
        path.name: Recording(_read(path), tuple(span for name, span in rows if name == path.name))
        for path in sorted(folder.glob("*.csv"))
        if path.name != LABELS
    }


def write_recordings(folder: Path, recordings: Mapping[str, Recording]) -> None:
    """Write what `read_recordings` reads, rounded to a thousandth of g."""
    folder.mkdir(exist_ok=True)
    for name, recording in recordings.items():
        header = f"# rate: {RATE}\nax,ay,az"
        np.savetxt(folder / name, recording.samples * UNIT, "%.3f", ",", header=header, comments="")
    rows = [",".join(map(str, (name, *span))) for name, recording in recordings.items() for span in recording.spans]
    (folder / LABELS).write_text("\n".join(("file,start,end,label", *rows, "")))


def window_label(start: float, end: float, spans: tuple[Span, ...]) -> str | None:
    """Say what a window shows; None if it shows a part of a gesture that is neither little nor most of it.

    Units: seconds
    """
    parts = [
        ((min(end, span.end) - max(start, span.start)) / min(span.end - span.start, end - start), span)
        for span in spans
    ]
    shown, span = max(parts, default=(0.0, None))
    if span is None or shown < LEAST:
        return NONE
    return span.label if shown >= MOST else None


def _read(path: Path) -> np.ndarray:
    found = load_recordings([path], None)
    if found.channels != 3 or abs(found.rate - RATE) > RATE_TOLERANCE * RATE:
        raise ValueError(f"{path}: must have 3 columns at {RATE} Hz, not {found.channels} at {found.rate:g} Hz")
    g = np.frombuffer(found.data, "<f4").reshape(-1, 3)
    return np.clip(np.rint(g / UNIT), -32768, 32767).astype(np.int16)


if __name__ == "__main__":
    write_recordings(Path(__file__).resolve().parent / "recordings", make_recordings())
