"""Logistic and hyperbolic tangent in 32-bit fixed point: integers only, the same on every machine.

Source: TensorFlow Lite Micro's int8 LOGISTIC and TANH over gemmlowp's fixedpoint.h (behaviour, restated).
`Qm.n` has m integer bits and n fractional ones beside the sign.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from tinypack.ops.arithmetic import (
    INT8_MAX,
    INT8_MIN,
    INT32_MAX,
    INT32_MIN,
    clamp,
    doubling_high_mul,
    quantize_multiplier,
    requantize,
    rounding_shift_right,
)

ONE = INT32_MAX  # in Q0.31
INPUT_BITS = 4  # integer bits of a scaled input
#: e^(-2^i) in Q0.31 for i = -2, -1, ...
POWERS = (1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242)
EXP_OF_MINUS_EIGHTH = 1895147668  # Q0.31
THIRD = 715827883  # Q0.31


def _shift_left(x: int, exponent: int) -> int:
    return clamp(x << exponent, INT32_MIN, INT32_MAX)


def exp_of_negative(x: int, integer_bits: int) -> int:
    """e^x for x <= 0: a polynomial around -1/8 for what is left of a quarter, times a power for each bit above.

    Units: x in Q(integer_bits), result in Q0.31
    """
    if x == 0:
        return ONE
    quarter_bit = 31 - integer_bits - 2
    part = x % (1 << quarter_bit) - (1 << quarter_bit)
    y = _shift_left(part, integer_bits) + (1 << 28)
    y2 = doubling_high_mul(y, y)
    y3 = doubling_high_mul(y2, y)
    y4 = doubling_high_mul(y2, y2)
    tail = doubling_high_mul(rounding_shift_right(y4, 2) + y3, THIRD) + y2
    result = EXP_OF_MINUS_EIGHTH + doubling_high_mul(EXP_OF_MINUS_EIGHTH, y + rounding_shift_right(tail, 1))
    quarters = (part - x) >> quarter_bit
    for i, power in enumerate(POWERS[: integer_bits + 2]):
        if quarters >> i & 1:
            result = doubling_high_mul(result, power)
    return result


def _two_over_one_plus(x: int) -> int:
    """2 / (1 + x) for x in [0, 1], by three Newton steps.

    Units: x in Q0.31, result in Q2.29
    """
    half = (x + ONE + 1) // 2
    y = 1515870810 + doubling_high_mul(half, -1010580540)  # 48/17 - 32/17 * half
    for _ in range(3):
        rest = (1 << 29) - doubling_high_mul(half, y)
        y += _shift_left(doubling_high_mul(y, rest), 2)
    return y


def logistic(x: int) -> int:
    """1 / (1 + e^-x).

    Units: x in Q4.27, result in Q0.31
    """
    if x == 0:
        return 1 << 30
    positive = _shift_left(_two_over_one_plus(exp_of_negative(-abs(x), INPUT_BITS)), 1)
    return positive if x > 0 else ONE - positive


def tanh(x: int) -> int:
    """(1 - e^-2x) / (1 + e^-2x).

    Units: x in Q4.27, result in Q0.31
    """
    if x == 0:
        return 0
    # The same bits with one integer bit more are twice the number.
    positive = _shift_left(_two_over_one_plus(exp_of_negative(-abs(x), INPUT_BITS + 1)) - (1 << 29), 2)
    return positive if x > 0 else -positive


def int8_function(function: Callable[[int], int], bits: int, scale: float, zero_point: int, offset: int) -> list[int]:
    """Tabulate a Q4.27 -> Q0.31 function for the int8 inputs -128 to 127.

    Units: results have `bits` fractional bits and `offset` added
    """
    multiplier, shift = quantize_multiplier(min(scale * 2 ** (31 - INPUT_BITS), float(INT32_MAX)))
    # What lies beyond would overflow Q4.27, and the function is flat there.
    radius = math.floor((2**INPUT_BITS - 1) * 2 ** (31 - INPUT_BITS) / 2**shift)

    def at(q: int) -> int:
        x = q - zero_point
        if abs(x) >= radius:
            return INT8_MIN if x <= -radius else INT8_MAX
        result = function(requantize(x, multiplier, shift))
        return clamp(rounding_shift_right(result, 31 - bits) + offset, INT8_MIN, INT8_MAX)

    return [at(q) for q in range(INT8_MIN, INT8_MAX + 1)]
