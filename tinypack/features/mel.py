"""Mel scales, filter banks between FFT bins, and the cosine transform behind them; float64 matrices.

Source: S. Young and others, The HTK Book, 5.4 and 5.6; M. Slaney, Auditory Toolbox, 1998
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np

ScaleName = Literal["htk", "slaney"]
TrianglesName = Literal["hz", "mel", "bins", "bins-closed"]
DctNorm = Literal["orthonormal", "htk"]
Map = Callable[[np.ndarray], np.ndarray]

SLANEY_STEP = 200 / 3  # Hz a mel, up to the bend
SLANEY_BEND = 15.0  # mel: 1 kHz
SLANEY_LOG_STEP = math.log(6.4) / 27


class Scale(NamedTuple):
    to_mel: Map
    to_hertz: Map


def _slaney_mel(hertz: np.ndarray) -> np.ndarray:
    linear = hertz / SLANEY_STEP
    above = SLANEY_BEND + np.log(np.maximum(linear / SLANEY_BEND, 1)) / SLANEY_LOG_STEP
    return np.where(linear < SLANEY_BEND, linear, above)


def _slaney_hertz(mel: np.ndarray) -> np.ndarray:
    above = SLANEY_BEND * np.exp(np.maximum(mel - SLANEY_BEND, 0) * SLANEY_LOG_STEP)
    return SLANEY_STEP * np.where(mel < SLANEY_BEND, mel, above)


SCALES: dict[ScaleName, Scale] = {
    "htk": Scale(lambda hertz: 1127 * np.log1p(hertz / 700), lambda mel: 700 * np.expm1(mel / 1127)),
    "slaney": Scale(_slaney_mel, _slaney_hertz),
}


def mel_edges(filters: int, low: float, high: float, scale: ScaleName) -> np.ndarray:
    """Give the corners of triangles that overlap by half, in Hz: filter i rises from i, peaks at i + 1, ends at i + 2.

    Shapes: -> [filters + 2]
    """
    to_mel, to_hertz = SCALES[scale]
    low_mel, high_mel = to_mel(np.array([low, high], np.float64))
    return to_hertz(np.linspace(low_mel, high_mel, filters + 2))


def _corners(edges: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give each filter's left, middle and right corner as columns."""
    return edges[:-2, None], edges[1:-1, None], edges[2:, None]


def _triangles(edges: np.ndarray, points: np.ndarray) -> np.ndarray:
    left, middle, right = _corners(edges)
    rising, falling = (points - left) / (middle - left), (right - points) / (right - middle)
    return np.asarray(np.maximum(np.minimum(rising, falling), 0))


def _in_hertz(edges: np.ndarray, bins: np.ndarray, scale: Scale) -> np.ndarray:
    return _triangles(edges, bins)


def _in_mel(edges: np.ndarray, bins: np.ndarray, scale: Scale) -> np.ndarray:
    return _triangles(scale.to_mel(edges), scale.to_mel(bins))


def _whole_bins(edges: np.ndarray, bins: np.ndarray) -> np.ndarray:
    """Give edges as whole bins, counted as if the transform had a point more."""
    return np.asarray(np.floor((2 * len(bins) - 1) * edges / (2 * bins[-1])))


def _between_bins(edges: np.ndarray, bins: np.ndarray, scale: Scale) -> np.ndarray:
    points = np.arange(len(bins))
    left, middle, right = _corners(_whole_bins(edges, bins))
    rising = (points - left) / np.maximum(middle - left, 1) * ((left <= points) & (points < middle))
    falling = (right - points) / np.maximum(right - middle, 1) * ((middle <= points) & (points < right))
    return np.asarray(rising + falling)


def _between_bins_closed(edges: np.ndarray, bins: np.ndarray, scale: Scale) -> np.ndarray:
    """The same, but a triangle whose falling side has no width keeps its peak."""
    points = np.arange(len(bins))
    left, middle, right = _corners(_whole_bins(edges, bins))
    peaks = (points == middle) & (middle == right) & (left < middle)
    return np.asarray(_between_bins(edges, bins, scale) + peaks)


TRIANGLES: dict[TrianglesName, Callable[[np.ndarray, np.ndarray, Scale], np.ndarray]] = {
    "hz": _in_hertz,
    "mel": _in_mel,
    "bins": _between_bins,
    "bins-closed": _between_bins_closed,
}


def filter_bank(
    edges: np.ndarray, rate: float, fft: int, scale: ScaleName, triangles: TrianglesName, unit_area: bool
) -> np.ndarray:
    """Give the weights of bins in filters; peaks are 1, or with `unit_area` areas over Hz are.

    Shapes: edges [filters + 2] -> [filters, fft / 2 + 1]
    Units:  edges and rate in Hz
    """
    bins = np.arange(fft // 2 + 1) * (rate / fft)
    weights = TRIANGLES[triangles](edges, bins, SCALES[scale])
    return weights * (2 / (edges[2:] - edges[:-2]))[:, None] if unit_area else weights


def dct_rows(coefficients: int, length: int, norm: DctNorm) -> np.ndarray:
    """Give the first rows of the DCT-II; HTK scales row 0 as all others, sqrt(2) more than orthonormal.

    Shapes: -> [coefficients, length]
    """
    rows, columns = np.arange(coefficients)[:, None], np.arange(length)
    matrix = math.sqrt(2 / length) * np.cos(np.pi / length * rows * (columns + 0.5))
    if norm == "orthonormal":
        matrix[0] /= math.sqrt(2)
    return matrix


def lifter_factors(coefficients: int, length: int) -> np.ndarray:
    """Give the factors that raise higher coefficients; a length of 0 leaves them.

    Shapes: -> [coefficients]
    """
    if length == 0:
        return np.ones(coefficients)
    return np.asarray(1 + length / 2 * np.sin(np.pi / length * np.arange(coefficients)))
