"""Exact square roots of integers."""

from __future__ import annotations

import numpy as np


def nearest_root(x: np.ndarray) -> np.ndarray:
    """Give square roots, rounded to nearest, of integers from 0 to 2^62."""
    squares = x.astype(np.int64)
    root = np.rint(np.sqrt(squares.astype(np.float64))).astype(np.int64)
    left = squares - root * root
    nearest: np.ndarray = root + (left > root) - (left <= -root) * (squares > 0)
    return nearest
