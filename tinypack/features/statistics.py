"""`statistics`: moments, extremes and crossings of each axis of a window ("flatten")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field, field_validator

from tinypack.features.extractor import FrontEnd
from tinypack.features.moments import STATISTICS, UNITS, Statistic, moments
from tinypack.features.protocol import Array, Arrays, Block, Chain, Step
from tinypack.features.rows import by_rows
from tinypack.features.sensor_options import WindowOptions, axis_names
from tinypack.ops.protocol import Param, Table
from tinypack.options import broken

NAME = "statistics"
BRIEF = "Mean, deviation, skewness, kurtosis, extremes and crossings of each axis of a window."
FRACTION_BITS = 10  # of samples, in what is computed from them


class Options(WindowOptions):
    PRESETS: ClassVar[dict[str, dict[str, Any]]] = {
        "edge-impulse": {"features": ["mean", "minimum", "maximum", "rms", "std", "skewness", "kurtosis"]}
    }

    type: Literal["statistics"]
    features: list[Statistic] = Field(
        ["mean", "std", "minimum", "maximum"], min_length=1, description="Of each axis, in this order."
    )

    @field_validator("features")
    @classmethod
    def _once(cls, features: list[Statistic]) -> list[Statistic]:
        return once(features)


def once(features: list[Statistic]) -> list[Statistic]:
    """Refuse a feature that is named twice."""
    if len(set(features)) < len(features):
        raise broken("each feature may be named once")
    return features


@dataclass(frozen=True)
class Statistics(Block):
    """Chosen statistics of each axis of interleaved samples; amplitudes are Q10 of a sample's step."""

    channels: int
    length: int
    features: tuple[Statistic, ...]

    KERNEL: ClassVar[str] = "statistics_s16"
    BRIEF: ClassVar[str] = "statistics of each axis"

    @property
    def inputs(self) -> tuple[Array, ...]:
        return (Array("int16_t", self.channels * self.length),)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return (Array("int32_t", self.channels * len(self.features)),)

    @property
    def choice(self) -> np.ndarray:
        return np.array([STATISTICS.index(name) for name in self.features], np.uint8)

    def params(self) -> tuple[tuple[str, Param], ...]:
        return (
            ("choice", Table("uint8_t", self.choice)),
            ("count", len(self.features)),
            ("channels", self.channels),
            ("length", self.length),
        )

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        return by_rows(self._of_rows, *inputs)

    def _of_rows(self, samples: np.ndarray) -> Arrays:
        axes = samples.reshape(-1, self.length, self.channels).transpose(0, 2, 1).reshape(-1, self.length)
        chosen = moments(axes << FRACTION_BITS)[:, self.choice]
        return (chosen.reshape(len(samples), -1),)


def front_end(options: Options) -> FrontEnd:
    """Design the computation of one window."""
    block = Statistics(options.channels, options.window_samples, tuple(options.features))
    return FrontEnd(
        chain=Chain({"samples": block.inputs[0]}, (Step(block, ("samples",), ("features",)),), "features"),
        rate=options.sample_rate,
        channels=options.channels,
        frame=options.window_samples,
        hop=options.hop_samples,
        shape=(block.outputs[0].length,),
        unit=units(block.features, options.unit) * options.channels,
        sample_unit=options.unit,
    )


def units(features: tuple[Statistic, ...], unit: float) -> tuple[float, ...]:
    """Give the real value of a step of each feature, for samples of a unit."""
    return tuple(UNITS.get(name, unit * 2.0**-FRACTION_BITS) for name in features)


def feature_names(options: Options) -> list[str]:
    """Name the features of a window in order, such as "ax rms"."""
    return [f"{axis} {name}" for axis in axis_names(options.channels) for name in options.features]
