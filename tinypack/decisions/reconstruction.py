"""How far an autoencoder's output is from its input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tinypack.decisions.protocol import SCORE_ONE, Given
from tinypack.decisions.ratio import MOST_FEATURES, Ratio, ratio
from tinypack.decisions.score import MOST_SCORE
from tinypack.features.protocol import Array, Arrays, Block
from tinypack.ops.protocol import Param

#: Differences of scaled inputs and outputs stay below 2^23: MOST_FEATURES of their squares can be added.
FACTOR = 1 << 14


@dataclass(frozen=True)
class Reconstruction(Block):
    """A ratio of the sum of errors, absolute or squared, both sides brought to a common unit."""

    length: int
    factors: tuple[int, int]  # of input and output
    zero_points: tuple[int, int]
    squared: bool
    ratio: Ratio

    KERNEL: ClassVar[str] = "reconstruction_s8"
    BRIEF: ClassVar[str] = "reconstruction error"

    @property
    def inputs(self) -> tuple[Array, ...]:
        return (Array("int8_t", self.length), Array("int8_t", self.length))

    @property
    def outputs(self) -> tuple[Array, ...]:
        return (Array("int32_t", 1),)

    def params(self) -> tuple[tuple[str, Param], ...]:
        return (
            ("most", self.ratio.most),
            ("cap", self.ratio.cap),
            ("drop", self.ratio.drop),
            ("multiplier", self.ratio.multiplier),
            ("shift", self.ratio.shift),
            ("input_factor", self.factors[0]),
            ("output_factor", self.factors[1]),
            ("input_zero_point", self.zero_points[0]),
            ("output_zero_point", self.zero_points[1]),
            ("length", self.length),
            ("squared", int(self.squared)),
        )

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        expected, got = (
            (side.astype(np.int64) - zero_point) * factor
            for side, zero_point, factor in zip(inputs, self.zero_points, self.factors, strict=True)
        )
        errors = (got - expected) ** 2 if self.squared else np.abs(got - expected)
        return (self.ratio.of(errors.sum(-1))[..., None],)


def reconstruction(given: Given, threshold: float, squared: bool) -> Reconstruction:
    """Make the block for the mean squared or mean absolute error; 1 is the threshold.

    Units: threshold in the units of the model's input, squared for squared errors
    Raises: ValueError if the model is no autoencoder
    """
    if given.inputs != given.outputs:
        raise ValueError(
            f"an autoencoder gives what it takes; this model takes {given.inputs} elements and gives {given.outputs}"
        )
    if given.inputs > MOST_FEATURES:
        raise ValueError(f"the model's input has {given.inputs} elements; errors are summed over {MOST_FEATURES}")
    unit = max(given.input_scale, given.output_scale) / FACTOR
    factor = SCORE_ONE * (unit**2 if squared else unit) / (given.inputs * threshold)
    return Reconstruction(
        length=given.inputs,
        factors=(round(given.input_scale / unit), round(given.output_scale / unit)),
        zero_points=(given.input_zero_point, given.output_zero_point),
        squared=squared,
        ratio=ratio(factor, MOST_SCORE),
    )
