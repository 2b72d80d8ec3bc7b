"""What the package in a folder makes of recordings: its results, how well they tell faults apart, and pictures of that.

Everything is computed by the bits of the device: features, the int8 model (TensorFlow Lite Micro) and the decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import signals

from tinypack.decisions import decide
from tinypack.decisions.protocol import SCORE_ONE
from tinypack.features import load_features
from tinypack.importers.tflite import import_tflite
from tinypack.manifest import load_project
from tinypack.model_file import read_model
from tinypack.oracle import run_oracle
from tinypack.pack import compile_project

SECONDS = 10.24
LEAST_SEVERITY = 0.1
SEED = 5  # of what is evaluated; others are trained with
HOUR = round(3600 / SECONDS)  # recordings


@dataclass(frozen=True, eq=False)
class Found:
    """Recordings of a kind, and what the package makes of them."""

    severities: np.ndarray  # [recordings]
    inputs: np.ndarray  # [recordings, results, features] int8, as the model takes them
    results: np.ndarray  # [recordings, results]: score, is_anomaly, is_new

    @property
    def scores(self) -> np.ndarray:
        """Of all results; 1 is the threshold."""
        scores: np.ndarray = self.results["score"].reshape(-1) / SCORE_ONE
        return scores

    @property
    def detected(self) -> np.ndarray:
        """Whether a recording was found anomalous at any time."""
        detected: np.ndarray = self.results["is_anomaly"].any(axis=1)
        return detected


def recordings(rng: np.random.Generator, kind: str, severities: np.ndarray) -> np.ndarray:
    """Make a recording for each severity.

    Shapes: severities [n] -> [n, samples] int16
    """
    return np.stack([signals.make(rng, kind, SECONDS, severity)[:, 0] for severity in severities])


def run_model(folder: Path, samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the model's input and output.

    Shapes: samples [recordings, n] int16 -> both [recordings, windows, features] int8
    """
    model = read_model(load_project(folder).model_path)
    graph = import_tflite(model, str(folder))
    inputs = load_features(folder).quantise(samples)
    vectors = ([window[np.newaxis]] for window in inputs.reshape(-1, inputs.shape[-1]))
    outputs = [output.reshape(-1) for (output,) in run_oracle(model, graph, vectors, graph.outputs)]
    return inputs, np.array(outputs, np.int8).reshape(inputs.shape)


def run_package(folder: Path, samples: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the model's input, and the results of each recording by itself.

    Shapes: samples [recordings, n] int16 -> [recordings, windows, features] int8, [recordings, windows]
    """
    project = load_project(folder)
    _, _, stream = compile_project(project, read_model(project.model_path))
    assert stream is not None
    inputs, outputs = run_model(folder, samples)
    results = [decide(stream.decision, *pair) for pair in zip(outputs, inputs, strict=True)]
    return inputs, np.stack(results)


def evaluate(folder: Path, seed: int = SEED, usual: int = HOUR, faulty: int = 100) -> dict[str, Found]:
    """Run fresh recordings: `usual` of the healthy machine, and `faulty` of each fault, from incipient to severe."""
    found = {}
    for i, kind in enumerate(signals.KINDS):
        rng = np.random.default_rng((seed, i))
        count = usual if kind == signals.NORMAL else faulty
        severities = LEAST_SEVERITY ** rng.uniform(0, 1, count)
        found[kind] = Found(severities, *run_package(folder, recordings(rng, kind, severities)))
    return found


def roc(usual: np.ndarray, faulty: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the shares of usual and of faulty scores that reach each threshold, from the highest on.

    Shapes: [n], [m] -> [n + m + 1] twice
    """
    thresholds = np.sort(np.concatenate((usual, faulty, [np.inf])))[::-1]
    shares = [1 - np.searchsorted(np.sort(scores), thresholds) / len(scores) for scores in (usual, faulty)]
    return shares[0], shares[1]


def auc(usual: np.ndarray, faulty: np.ndarray) -> float:
    """Give the area under the ROC curve: how often a faulty score is above a usual one."""
    x, y = roc(usual, faulty)
    return float(np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2))


def metrics(found: dict[str, Found]) -> dict[str, Any]:
    """Sum up; what README.md states."""
    usual = found[signals.NORMAL]
    hours = len(usual.results) * SECONDS / 3600
    faults = {
        kind: {
            "auc": round(auc(usual.scores, found[kind].scores), 3),
            "results_over_threshold": round(float(np.mean(found[kind].scores >= 1)), 4),
            "recordings_detected": round(float(np.mean(found[kind].detected)), 4),
        }
        for kind in signals.FAULTS
    }
    return {
        "seconds_of_a_recording": SECONDS,
        "least_severity": LEAST_SEVERITY,
        "hours_of_normal": round(hours, 3),
        "results_over_threshold_of_normal": round(float(np.mean(usual.scores >= 1)), 4),
        "false_alarms_an_hour": round(float(usual.results["is_new"].sum() / hours), 2),
        "faults": faults,
    }


def table(summary: dict[str, Any]) -> str:
    """Write metrics as README.md shows them."""
    rows = [
        "| fault | AUC | results over the threshold | recordings detected | AUC of k-means |",
        "|---|---:|---:|---:|---:|",
        *(
            f"| {kind} | {of['auc']:.3f} | {of['results_over_threshold']:.1%} | {of['recordings_detected']:.0%} "
            f"| {summary['auc_of_kmeans'][kind]:.3f} |"
            for kind, of in summary["faults"].items()
        ),
    ]
    return "\n".join(row.replace("%", " %") for row in rows) + "\n"
