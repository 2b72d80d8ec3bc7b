"""Models of one convolution or dense layer, drawn at random."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np

from tests.kernels.rows import ACTIVATIONS, Random
from tests.support.model_builder import T

MOST_BIAS = 1 << 14


def layer(
    draw: Random, x: Sequence[int], weights: Sequence[int], axis: int, y: Sequence[int], taps: int
) -> tuple[list[T | None], T]:
    """Draw quantisations, weights and a bias (or none); give inputs and output.

    Output scales lie around those that use int8's whole range, one in four far from it.
    """
    channels = weights[axis]
    # Without a bias the oracle's depthwise convolution reads through a null pointer.
    biased = axis == 3 or draw.random() < 0.8
    x_scale = draw.scale()
    several = draw.random() < 0.7 and channels > 1
    scales = tuple(draw.scale(1e-3, 1e-1) for _ in range(channels)) if several else draw.scale(1e-3, 1e-1)
    # TensorFlow Lite Micro wants a bias in units of input times weights.
    units = tuple(float(np.float32(x_scale * s)) for s in scales) if isinstance(scales, tuple) else x_scale * scales
    data = np.maximum(draw.int8(weights), draw.choice((-127, -127, -127, -128)))  # -127, as training tools have it
    bias = np.random.default_rng(draw.randrange(2**32)).integers(-MOST_BIAS, MOST_BIAS, channels, np.int32)
    usual = x_scale * float(np.mean(scales)) * sqrt(taps) * 60
    y_scale = float(np.float32(usual * draw.choice((0.5, 1.0, 2.0, 10.0 ** draw.uniform(-4, 4)))))
    inputs = [
        T(tuple(x), scale=x_scale, zero_point=draw.zero_point()),
        T(tuple(weights), scale=scales, zero_point=(0,) * channels if several else 0, axis=axis, data=data),
        T((channels,), "int32", units, (0,) * channels if several else 0, data=bias) if biased else None,
    ]
    return inputs, T(tuple(y), scale=y_scale, zero_point=draw.zero_point())


def options(draw: Random, stride: tuple[int, int], dilation: tuple[int, int], padding: str) -> dict[str, object]:
    return {
        "padding": padding,
        "stride_h": stride[0],
        "stride_w": stride[1],
        "dilation_h": dilation[0],
        "dilation_w": dilation[1],
        "activation": draw.choice(ACTIVATIONS),
    }


def window_output(size: int, taps: int, stride: int, dilation: int, padding: str) -> int:
    """Output positions along one axis; 0 or less if the window does not fit."""
    return -(-size // stride) if padding == "SAME" else (size - (taps - 1) * dilation - 1) // stride + 1
