"""Fixed-point arithmetic at build time, as TensorFlow Lite Micro's Prepare functions do it.

Source: tensorflow/lite/kernels/internal/quantization_util.cc and kernel_util.cc (behaviour, restated).
"""

from __future__ import annotations

import math

import numpy as np

from tinypack.graph import Quantization

INT8_MIN, INT8_MAX = -128, 127
INT32_MIN, INT32_MAX = -(2**31), 2**31 - 1


class ScaleRatioError(ValueError):
    """A ratio of scales that 32 bits can't hold; the message says which."""


def round_half_away(x: float) -> int:
    """Round to the nearest integer, ties away from zero, as C's round() does."""
    return math.floor(abs(x) + 0.5) * (1 if x >= 0 else -1) if abs(x) < 2**52 else int(x)


def quantize_multiplier(real: float) -> tuple[int, int]:
    """Split a positive real factor into a Q31 multiplier and a shift (positive is left).

    Units: multiplier Q31 in [2**30, 2**31), or 0 where the factor is below 2**-32.
    Raises: ScaleRatioError if the shift would be above 31
    """
    if real == 0.0:
        return 0, 0
    if not real <= INT32_MAX:
        raise ScaleRatioError(f"a factor of {real:.3g}")
    fraction, shift = math.frexp(real)
    q = round_half_away(fraction * 2**31)
    if q == 2**31:
        q, shift = q // 2, shift + 1
    return (0, 0) if shift < -31 else (q, shift)


def multiplier_below_one(real: float) -> tuple[int, int]:
    """Split a factor that TensorFlow Lite Micro wants in (0, 1), as `quantize_multiplier` does.

    Raises: ScaleRatioError if it is not
    """
    if not 0.0 < real < 1.0 or quantize_multiplier(real)[1] > 0:
        raise ScaleRatioError(f"a factor of {real:.3g}, which must be below 1")
    return quantize_multiplier(real)


def wrap_int32(x: int) -> int:
    """Give what is left of an integer in 32 bits."""
    return (x - INT32_MIN) % 2**32 + INT32_MIN


def doubling_high_mul(a: int, b: int) -> int:
    """Multiply two Q31 numbers: to nearest, ties up, saturated."""
    return min((a * b + 2**30) >> 31, INT32_MAX)


def rounding_shift_right(x: int, exponent: int) -> int:
    """Divide by 2**exponent: to nearest, ties away from zero."""
    half = (1 << exponent) >> 1
    return (x + half) >> exponent if x >= 0 else -((-x + half) >> exponent)


def requantize(x: int, multiplier: int, shift: int) -> int:
    """Rescale as tp_requantize in runtime/include/tp_requantize.h does."""
    high = doubling_high_mul(wrap_int32(x << max(shift, 0)), multiplier)
    return rounding_shift_right(high, max(-shift, 0))


def clamp(x: int, low: int, high: int) -> int:
    return max(low, min(x, high))


def activation_range(activation: str, q: Quantization, low: int = INT8_MIN, high: int = INT8_MAX) -> tuple[int, int]:
    """Clamp limits in quantised units of a fused activation: "NONE", "RELU", "RELU6" or "RELU_N1_TO_1".

    Raises: ScaleRatioError if a limit is beyond 32 bits
    """
    limits = {"NONE": (None, None), "RELU": (0.0, None), "RELU6": (0.0, 6.0), "RELU_N1_TO_1": (-1.0, 1.0)}
    real_low, real_high = limits[activation]

    def quantized(real: float) -> int:
        with np.errstate(over="ignore"):
            steps = float(np.float32(real) / np.float32(q.scale))
        if abs(steps) > INT32_MAX:
            raise ScaleRatioError(f"an activation's limit of {real} at scale {q.scale:.3g}")
        return q.zero_point + round_half_away(steps)

    return (
        low if real_low is None else max(low, quantized(real_low)),
        high if real_high is None else min(high, quantized(real_high)),
    )
