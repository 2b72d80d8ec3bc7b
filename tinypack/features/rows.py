"""How blocks go through frames: any of them at once, but only as many as stay in a cache."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tinypack.features.protocol import Arrays

AT_ONCE = 1 << 15  # elements of the first input; int64, 256 KiB


def by_rows(compute: Callable[..., Arrays], *inputs: np.ndarray) -> Arrays:
    """Compute frames, independent of each other, in portions; inputs come as int64.

    Shapes: inputs [batch, frames, length] -> [batch, frames, length], `compute` on [rows, length]
    """
    batch, frames = inputs[0].shape[:2]
    rows = [x.reshape(batch * frames, x.shape[2]) for x in inputs]
    step = max(1, AT_ONCE // rows[0].shape[1])
    portions = [
        compute(*(x[i : i + step].astype(np.int64) for x in rows)) for i in range(0, max(batch * frames, 1), step)
    ]
    return tuple(np.concatenate(parts).reshape(batch, frames, -1) for parts in zip(*portions, strict=True))
