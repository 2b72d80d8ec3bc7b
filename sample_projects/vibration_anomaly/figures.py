"""The pictures in README.md."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import signals
from evaluate import LEAST_SEVERITY, Found, auc, recordings, roc
from matplotlib.figure import Figure

from tinypack.features import load_features
from tinypack.features.pipeline import Pipeline

BANDS = 6  # of severities, of equal width on the logarithmic axis
SHOWN = 40  # recordings behind a line
SEVERITY = 0.5
COLOURS = dict(zip(signals.KINDS, ("0.4", "tab:red", "tab:orange", "tab:blue", "tab:green"), strict=True))


def draw_roc(found: dict[str, Found], path: Path) -> None:
    """Draw the ROC curve of each fault, and how severe a fault must be to be found."""
    figure = Figure(figsize=(10, 4.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    usual = found[signals.NORMAL]
    for kind, size in zip(signals.FAULTS, (10, 8, 6, 4), strict=True):  # dots at the same place stay visible
        false, true = roc(usual.scores, found[kind].scores)
        label = f"{kind}, AUC {auc(usual.scores, found[kind].scores):.3f}"
        left.step(false, true, where="post", color=COLOURS[kind], label=label)
        right.plot(*_detection(found[kind]), "o-", color=COLOURS[kind], markersize=size, label=kind)
        left.plot(
            np.mean(usual.scores >= 1), np.mean(found[kind].scores >= 1), "o", color=COLOURS[kind], markersize=size
        )
    left.set(xscale="log", xlim=(0.5 / len(usual.scores), 1), ylim=(0, 1.02), title="ROC of single results")
    left.set(xlabel="normal results over the threshold", ylabel="faulty results over the threshold")
    left.legend(loc="lower right", title="dots: the package's threshold")
    right.set(
        xscale="log", ylim=(0, 1.02), title="Detection with votes", xlabel="severity", ylabel="recordings detected"
    )
    right.set_xticks([0.1, 0.2, 0.5, 1], ["0.1", "0.2", "0.5", "1"])
    right.minorticks_off()
    right.legend(loc="lower right")
    figure.savefig(path, dpi=100, metadata={"Software": None})


def draw_features(folder: Path, path: Path) -> None:
    """Draw the features of each fault over those of the healthy machine."""
    pipeline = load_features(folder)
    figure = Figure(figsize=(10, 6), layout="constrained")
    axes = figure.subplots(2, 2, sharex=True, sharey=True)
    rng = np.random.default_rng(0)
    features = {kind: _features(pipeline, recordings(rng, kind, np.full(SHOWN, SEVERITY))) for kind in signals.KINDS}
    frequencies = (1 + np.arange(features[signals.NORMAL].shape[1])) * signals.RATE / pipeline.options.fft
    low, middle, high = np.percentile(features[signals.NORMAL], (1, 50, 99), axis=0)
    for axis, kind in zip(axes.flat, signals.FAULTS, strict=True):
        axis.fill_between(frequencies, low, high, color="0.85", label="normal, 98 % of windows")
        axis.plot(frequencies, middle, color=COLOURS[signals.NORMAL], label="normal, median")
        axis.plot(frequencies, np.median(features[kind], axis=0), color=COLOURS[kind], label=f"{kind}, median")
        axis.legend(loc="upper right")
    for axis in axes[1]:
        axis.set_xlabel("frequency, Hz")
    for axis in axes[:, 0]:
        axis.set_ylabel("log10 of steps² / Hz")
    figure.suptitle(f"What the model sees: power density, faults of severity {SEVERITY}")
    figure.savefig(path, dpi=100, metadata={"Software": None})


def _features(pipeline: Pipeline, samples: np.ndarray) -> np.ndarray:
    features = pipeline.transform(samples)
    return features.reshape(-1, features.shape[-1])


def _detection(found: Found) -> tuple[np.ndarray, np.ndarray]:
    """Give the middle of each band of severities, and the share of its recordings that were detected."""
    edges = np.geomspace(LEAST_SEVERITY, 1, BANDS + 1)
    band = np.clip(np.searchsorted(edges, found.severities, side="right") - 1, 0, BANDS - 1)
    shares = [found.detected[band == i].mean() for i in range(BANDS)]
    return np.sqrt(edges[1:] * edges[:-1]), np.array(shares)
