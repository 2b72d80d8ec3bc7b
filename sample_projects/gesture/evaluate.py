"""Evaluate the model as it is on a device: python evaluate.py [FOLDER]

Runs held-out recordings through the project's features, the int8 model (by TensorFlow Lite Micro) and the decision, and
writes metrics.json and confusion.png to the folder (default: here). Needs matplotlib, but no TensorFlow.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from recordings import window_label
from signals import GESTURES, NONE, RATE, Recording, Span, make_stream

from tinypack.manifest import load_project
from tinypack.pack import compile_project, read_model
from tinypack.stream_reference import replay_python, results

HERE = Path(__file__).resolve().parent
SEED = 1000
STREAMS, GESTURES_EACH = 20, 15
NONE_HOURS = 2.0
LATE = 1.0  # s after a gesture in which a detection still belongs to it
MISSED = "missed"
Detection = tuple[float, str]  # seconds, label


def held_out(streams: int = STREAMS, hours: float = NONE_HOURS) -> list[Recording]:
    """Make recordings that no model was trained with: some of gestures, some of ten minutes of none."""
    rng = np.random.default_rng(SEED)
    gestures = [make_stream(rng, rng.permutation(GESTURES * (GESTURES_EACH // 3))) for _ in range(streams)]
    return gestures + [make_stream(rng, [NONE] * 60, (2, 8)) for _ in range(round(hours * 6))]


def evaluate(folder: Path, recordings: Sequence[Recording]) -> dict[str, Any]:
    """Count what becomes of windows, of gestures, and of the time between gestures."""
    project = load_project(folder)
    data = read_model(project.model_path)
    graph, _, stream = compile_project(project, data)
    assert stream is not None
    labels = project.manifest.model.labels
    made = [label for label in labels if label != NONE]
    detected_as = [*made, MISSED]
    windows = np.zeros((len(labels), len(labels)), int)
    gestures = np.zeros((len(made), len(detected_as)), int)
    left_out, repeated, alarms, idle, delays = 0, 0, 0, 0.0, []
    for samples, spans in recordings:
        found = replay_python(stream, data, graph, samples)
        for end, output in zip(found.frames / RATE, found.outputs, strict=True):
            label = window_label(end - stream.frames / RATE, end, spans)
            if label is None:
                left_out += 1
            else:
                windows[labels.index(label), output.argmax()] += 1
        detections = [(row["time_ms"] / 1000, row["label"]) for row in results(stream, found) if row["is_new"]]
        own = [_within(span, detections) for span in spans]
        for span, (first, *more) in zip(spans, own, strict=True):
            gestures[made.index(span.label), detected_as.index(first[1])] += 1
            repeated += len(more)
            if first[1] == span.label:
                delays.append(first[0] - span.start)
        alarms += len(set(detections).difference(*own))
        idle += len(samples) / RATE - sum(span.end - span.start for span in spans)
    return {
        "model_bytes": len(data),
        "windows": {
            "labels": labels,
            "shown_and_found": windows.tolist(),
            "accuracy": round(windows.trace() / max(1, windows.sum()), 4),
            "left_out": left_out,
        },
        "gestures": {
            "made": made,
            "detected_as": detected_as,
            "made_and_detected": gestures.tolist(),
            "detected": round(gestures.trace() / max(1, gestures.sum()), 4),
            "detected_twice": repeated,
            "median_delay_s": round(float(np.median(delays)), 2) if delays else None,
        },
        "none": {"hours": round(idle / 3600, 2), "false_alarms": alarms, "an_hour": round(alarms / idle * 3600, 2)},
    }


def write_report(folder: Path, metrics: dict[str, Any]) -> None:
    """Write metrics.json, and draw both of its tables."""
    import matplotlib.pyplot as plt

    (folder / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n")
    figure, axes = plt.subplots(1, 2, figsize=(9, 4), layout="constrained")
    w, g = metrics["windows"], metrics["gestures"]
    _draw(axes[0], f"windows: {w['accuracy']:.1%}", "shown", w["labels"], "found", w["labels"], w["shown_and_found"])
    columns = g["detected_as"]
    _draw(axes[1], f"gestures: {g['detected']:.1%}", "made", g["made"], "detected", columns, g["made_and_detected"])
    figure.savefig(folder / "confusion.png", dpi=100, metadata={"Software": None})
    plt.close(figure)


def _within(span: Span, detections: Sequence[Detection]) -> list[Detection]:
    """Give the detections that belong to a gesture, or that it was missed."""
    own = [each for each in detections if span.start <= each[0] <= span.end + LATE]
    return own or [(span.end, MISSED)]


def _draw(
    axes: Any, title: str, row: str, rows: Sequence[str], column: str, columns: Sequence[str], counts: Any
) -> None:
    counts = np.array(counts)
    parts = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.imshow(parts, cmap="Blues", vmin=0, vmax=1)
    axes.set_title(title)
    axes.set_yticks(range(len(rows)), rows)
    axes.set_ylabel(row)
    axes.set_xticks(range(len(columns)), columns)
    axes.set_xlabel(column)
    for (i, j), count in np.ndenumerate(counts):
        axes.text(j, i, count, ha="center", va="center", color="white" if parts[i, j] > 0.5 else "black")


if __name__ == "__main__":
    target = Path(sys.argv[1]) if sys.argv[1:] else HERE
    write_report(target, evaluate(target, held_out()))
