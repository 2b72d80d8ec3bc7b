"""Unsigned 64-bit numbers as pairs of 32-bit ones, the lower half first: as kernels multiply them best."""

from __future__ import annotations

import numpy as np


def joined(x: np.ndarray) -> np.ndarray:
    """Shapes: x [rows, 2 * length] -> uint64 [rows, length]"""
    pairs: np.ndarray = x[:, 0::2].astype(np.uint64) | x[:, 1::2].astype(np.uint64) << np.uint64(32)
    return pairs


def halves(x: np.ndarray) -> np.ndarray:
    """Shapes: x uint64 [rows, length] -> uint32 [rows, 2 * length]"""
    return np.stack((x & np.uint64(2**32 - 1), x >> np.uint64(32)), axis=2).reshape(len(x), -1).astype(np.uint32)
