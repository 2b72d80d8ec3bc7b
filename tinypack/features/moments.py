"""Mean, deviation, skewness and the like of series of integers: the NumPy side of tp_moments.h, bit by bit."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from tinypack.features.scaled import bit_length, root_nearest, scaled

Statistic = Literal[
    "mean",
    "std",
    "rms",
    "skewness",
    "kurtosis",
    "minimum",
    "maximum",
    "peak-to-peak",
    "zero-crossings",
    "mean-crossings",
]
#: In the order of tp_moments.h.
STATISTICS: tuple[Statistic, ...] = get_args(Statistic)
#: The real value of a step of those that are not in the series' own unit.
UNITS = {"skewness": 2.0**-16, "kurtosis": 2.0**-16, "zero-crossings": 1.0, "mean-crossings": 1.0}


def moments(x: np.ndarray) -> np.ndarray:
    """Compute all statistics, in the series' unit where UNITS has none.

    Shapes: int64 [rows, n], within +-(2^28 - 1) -> int64 [rows, statistics]; n: 2..8192
    Errors: tp_moments.h
    """
    n = x.shape[1]
    total, smallest, largest = x.sum(axis=1), x.min(axis=1), x.max(axis=1)
    mean = (2 * total + n) // (2 * n)
    spread = np.maximum(largest - mean, mean - smallest)
    up = 29 - bit_length(spread.astype(np.uint64))
    rest = (((total - mean * n) << up) + n // 2) // n
    deviations = ((x - mean[:, None]) << up[:, None]) - rest[:, None]
    d = (deviations + (1 << 13)) >> 14
    square = d * d
    square_64th = (square + 32) >> 6
    s1, s2, s3 = d.sum(axis=1), square.sum(axis=1), (square * d).sum(axis=1)
    s4 = (square_64th * square_64th).sum(axis=1) - 4 * ((s3 >> 12) * s1 // n)
    s3 -= 3 * (s1 * s2 // n)
    s2 -= s1 * s1 // n
    skewness, kurtosis = _shape(n, s2.astype(np.uint64), s3, s4.astype(np.uint64))
    variance = _shifted((s2.astype(np.uint64) << np.uint64(20)) // np.uint64(n), 8 - 2 * up)
    columns = {
        "mean": mean,
        "std": root_nearest(variance),
        "rms": root_nearest(variance + (mean * mean).astype(np.uint64)),
        "skewness": skewness,
        "kurtosis": kurtosis,
        "minimum": smallest,
        "maximum": largest,
        "peak-to-peak": largest - smallest,
        "zero-crossings": _changes(x < 0),
        "mean-crossings": _changes(deviations < 0),
    }
    return np.stack([columns[name] for name in STATISTICS], axis=1)


def _shape(n: int, s2: np.ndarray, s3: np.ndarray, s4: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    count, second, third = scaled(np.full_like(s2, n)), scaled(s2), scaled(np.abs(s3).astype(np.uint64))
    square = second * second
    size = (third * third * count / (square * second)).root().fixed(16)
    kurtosis = (scaled(s4, 12) * count / square).fixed(16) - (3 << 16)
    return np.where(s2 == 0, 0, np.where(s3 < 0, -size, size)), np.where(s2 == 0, 0, kurtosis)


def _shifted(x: np.ndarray, up: np.ndarray) -> np.ndarray:
    """x * 2^up, rounded to nearest, ties up."""
    down = np.maximum(-up, 0).astype(np.uint64)
    half = (np.uint64(1) << down) >> np.uint64(1)
    shifted: np.ndarray = ((x + half) >> down) << np.maximum(up, 0).astype(np.uint64)
    return shifted


def _changes(signs: np.ndarray) -> np.ndarray:
    changes: np.ndarray = np.count_nonzero(signs[:, 1:] != signs[:, :-1], axis=1)
    return changes
