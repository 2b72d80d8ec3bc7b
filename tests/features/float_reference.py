"""The audio extractors once more, in float64: what the fixed-point blocks are measured against."""

from __future__ import annotations

import numpy as np

from tinypack.features.audio_design import AudioDesign, Log

LEAST_DEVIATION = 1e-10  # Edge Impulse adds it; where nothing varies, rounding must not be what is divided by


def frames_of(samples: np.ndarray, frame: int, hop: int) -> np.ndarray:
    """Give the whole frames of a stream.

    Shapes: [n] -> [frames, frame]
    """
    return np.lib.stride_tricks.sliding_window_view(samples, frame)[::hop]


def compute(design: AudioDesign, samples: np.ndarray) -> np.ndarray:
    """Give the features of a stream.

    Shapes: [n] int16 values -> [frames, features]
    """
    x = samples * design.sample_scale
    x = x - design.pre_emphasis * np.concatenate(([0.0], x[:-1]))
    bins = np.abs(np.fft.rfft(frames_of(x, design.frame, design.hop) * design.window, design.fft))
    features = (bins**2 if design.spectrum == "power" else bins) * design.spectrum_scale
    if design.filters is not None:
        features = features @ design.filters.T
    features = logarithm(design.log, features)
    if design.dct is not None:
        features = features @ design.dct.T
    return normalised(features, design.cmvn, design.cmvn_variance) if design.cmvn else features


def logarithm(log: Log, x: np.ndarray) -> np.ndarray:
    if log.kind == "none":
        return x
    result = log.factor * np.log(np.maximum(x, log.floor) + log.offset) + log.bias
    result = np.clip(result, log.lowest, log.highest)
    return result if log.step is None else np.round(result / log.step) * log.step


def normalised(features: np.ndarray, count: int, variance: bool) -> np.ndarray:
    rows = []
    for i, row in enumerate(features):
        seen = features[max(0, i + 1 - count) : i + 1]
        deviation = seen.std(axis=0) + LEAST_DEVIATION if variance else 1
        rows.append((row - seen.mean(axis=0)) / deviation)
    return np.array(rows)
