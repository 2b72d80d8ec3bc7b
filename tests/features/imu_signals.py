"""Windows of int16 samples that try an IMU extractor's arithmetic."""

from __future__ import annotations

import numpy as np


def windows(length: int) -> dict[str, np.ndarray]:
    """Give windows of one axis by name.

    Shapes: [length] int16
    """
    rng, t = np.random.default_rng(length), np.arange(length)
    impulse = np.zeros(length)
    impulse[length // 3] = 32767
    found = {
        "zeros": np.zeros(length),
        "constant": np.full(length, 4096),
        "lowest": np.full(length, -32768),
        "highest": np.full(length, 32767),
        "alternating": np.where(t % 2, -32768, 32767),
        "halves": np.where(t < length // 2, -32768, 32767),
        "impulse": impulse,
        "negative impulse on a level": 20000 - impulse,
        "one step": np.where(t == length - 1, 1, 0),
        "small": rng.integers(-2, 3, length),
        "noise": rng.normal(0, 3000, length),
        "noise on a level": 8192 + rng.normal(0, 40, length),
        "skewed": rng.exponential(2000, length) - 16000,
        "sine": 16000 * np.sin(2 * np.pi * 0.0931 * t + 1),
        "clipped": 90000 * np.sin(2 * np.pi * 0.031 * t),
        "quiet sine": 30 * np.sin(2 * np.pi * 0.21 * t) - 5,
    }
    return {name: np.clip(np.rint(x), -32768, 32767).astype(np.int16) for name, x in found.items()}


def interleaved(length: int, channels: int) -> np.ndarray:
    """Give frames that hold all windows, several beside each other.

    Shapes: [frames, length * channels] int16
    """
    axes = np.stack(list(windows(length).values()))
    return np.stack([np.roll(axes, -i, axis=0)[:channels].T.ravel() for i in range(len(axes))])
