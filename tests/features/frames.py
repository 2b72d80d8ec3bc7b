"""Frames of samples that try fixed-point arithmetic: the ends of the range, nothing, almost nothing, noise."""

from __future__ import annotations

import numpy as np


def trying_frames(length: int) -> np.ndarray:
    """Give int16 frames [frames, length]."""
    random = np.random.default_rng(length)
    n = np.arange(length)
    rows = [
        np.full(length, -32768),
        np.full(length, 32767),
        np.where(n % 2, 32767, -32768),
        np.where(n % 4 < 2, 32767, -32768),
        np.where(n == length // 2, -32768, 0),
        np.zeros(length),
        np.ones(length),
        np.where(n == 3, -1, 0),
        random.integers(-1, 2, length),
        random.integers(-32768, 32768, length),
        np.zeros(length),
        np.clip(np.rint(90000 * np.sin(n * 0.17)), -32768, 32767),
        np.rint(32767 * np.cos(n * n * 0.5 / length)),
        np.rint(1000 * np.sin(n * 0.9)),
    ]
    return np.stack(rows).astype(np.int16)
