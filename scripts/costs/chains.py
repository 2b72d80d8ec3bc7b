"""Pipelines to measure: sections of tinypack.toml that call each block in a few sizes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tinypack.decisions import DECISIONS
from tinypack.decisions.fitted import Clusters, Mixture
from tinypack.decisions.protocol import Given
from tinypack.features import EXTRACTORS
from tinypack.features.model_input import model_chain
from tinypack.features.protocol import Chain

SCALE, ZERO_POINT = 0.1, 3  # of the model's input
AUDIO = ("tf-signal", "librosa", "python-speech-features", "edge-impulse")
PHOTO: dict[str, Any] = {"width": 120, "height": 96, "pixels": "rgb888", "output_width": 48, "output_height": 48}
IMU: dict[str, Any] = {"sample_rate": 100, "channels": 3}
MOMENTS = ["mean", "minimum", "maximum", "rms", "std", "skewness", "kurtosis"]

#: [features], by type.
FEATURES: dict[str, list[dict[str, Any]]] = {
    "raw": [{**IMU, "hop": 1}, {**IMU, "hop": 25}, {"sample_rate": 16000, "hop": 320}],
    "statistics": [
        {**IMU, "window": 50, "features": MOMENTS},
        {**IMU, "window": 200, "features": ["mean", "std"]},
        {**IMU, "window": 125, "channels": 6, "features": ["rms", "kurtosis", "maximum"]},
        {"sample_rate": 1000, "window": 512, "features": MOMENTS},
    ],
    "spectral": [
        {**IMU, "window": 125, "fft": 16, "preset": "edge-impulse"},
        {**IMU, "window": 200, "filter": "low", "cutoff": 10, "peaks": 3},
        {**IMU, "window": 128, "channels": 6, "filter": "high", "cutoff": 2, "order": 2, "fft": 32, "scale": "linear"},
        {
            "sample_rate": 4000,
            "window": 2048,
            "fft": 512,
            "filter": "high",
            "cutoff": 50,
            "order": 4,
            "statistics": ["rms"],
        },
        {"sample_rate": 1000, "window": 512, "fft": 256, "overlap": 0, "spectrum_shape": True, "taper": "none"},
    ],
    "spectrogram": [
        *({"preset": preset} for preset in AUDIO),
        {"sample_rate": 16000, "frame_length": 512, "hop": 256, "log": "none"},
        {"sample_rate": 16000, "frame_length": 128, "hop": 128, "log": "none", "spectrum": "magnitude"},
    ],
    "mfe": [
        *({"preset": preset} for preset in AUDIO),
        {"preset": "edge-impulse", "filters": 16, "fft_length": 128},
        {"preset": "tf-signal", "cmvn": 20},
        {"sample_rate": 16000, "filters": 40, "log": "none"},
    ],
    "mfcc": [
        *({"preset": preset} for preset in AUDIO),
        {"preset": "edge-impulse", "cmvn_variance": False},
        {"preset": "tf-signal", "sample_rate": 8000, "filters": 20, "coefficients": 13, "cmvn": 50},
    ],
    "microfrontend": [
        {},
        {"preset": "micro-wake-word"},
        {"filters": 24, "sample_rate": 8000, "high_edge": 3800},
        {"log": False},
    ],
    "image": [
        {**PHOTO, "colours": "rgb"},
        {**PHOTO, "colours": "rgb", "interpolation": "nearest"},
        {**PHOTO, "colours": "grey", "resize": "fit"},
        {**PHOTO, "pixels": "rgb565", "colours": "grey", "output_width": 96, "output_height": 96},
        {**PHOTO, "pixels": "grey", "colours": "grey", "resize": "cut"},
        {**PHOTO, "pixels": "rgb565", "colours": "rgb", "output_width": 16, "output_height": 16},
        {**PHOTO, "pixels": "grey", "colours": "grey", "output_width": 28, "output_height": 28},
    ],
}
#: [decision], by type; FITTED are files that are written beside.
DECISION_SECTIONS: dict[str, list[dict[str, Any]]] = {
    "classify": [
        {},
        {"smoothing": 5, "votes": 3, "vote_window": 5, "refractory": 10},
        {"smoothing": 3, "anomaly": {"file": "kmeans.json"}},
    ],
    "anomaly": [
        {"threshold": 1.0},
        {"threshold": 1.0, "error": "mae", "smoothing": 4},
        {"file": "kmeans.json"},
        {"file": "gmm.json", "smoothing": 8, "votes": 4},
    ],
    "regress": [{}],
}
#: Outputs and inputs of the model, and centres of what is usual.
SIZES = [(2, 12, 3), (4, 40, 8), (12, 120, 2)]


def chains(folder: Path) -> Iterator[Chain]:
    """Make all pipelines; files that they need are written into a folder."""
    yield from feature_chains(FEATURES)
    yield from decision_chains(folder)


def feature_chains(features: Mapping[str, Sequence[dict[str, Any]]]) -> Iterator[Chain]:
    """Make the pipelines of extractors, each with and without the model's quantisation."""
    for kind, sections in features.items():
        extractor = EXTRACTORS[kind]
        for section in sections:
            options = extractor.Options.model_validate({"type": kind, **section})
            front = extractor.front_end(options)
            yield front.chain
            yield model_chain(front, options, SCALE, ZERO_POINT)


def decision_chains(folder: Path) -> Iterator[Chain]:
    for number, (outputs, inputs, centres) in enumerate(SIZES):
        root = folder / str(number)
        root.mkdir()
        _write_fitted(root, inputs, centres)
        for kind, sections in DECISION_SECTIONS.items():
            decider = DECISIONS[kind]
            for section in sections:
                autoencoder = "threshold" in section
                given = _given(inputs if autoencoder else outputs, inputs, root)
                yield decider.decision(decider.Options.model_validate({"type": kind, **section}), given).chain


def _given(outputs: int, inputs: int, root: Path) -> Given:
    return Given(outputs, 1 / 256, -128, inputs, SCALE, ZERO_POINT, (), period=0.02, root=root)


def _write_fitted(folder: Path, features: int, count: int) -> None:
    """Write what is usual: centres within the range of the model's input."""
    centres = np.random.default_rng(3).uniform(-8, 8, (count, features)).tolist()
    Clusters(centres=centres, deviations=[1.5] * features, radii=[4.0] * count).save(folder / "kmeans.json")
    deviations = [[1.5] * features] * count
    shares = [1 / count] * count
    Mixture(weights=shares, means=centres, deviations=deviations, threshold=6.0).save(folder / "gmm.json")
