"""`raw`: the samples themselves, of one or several axes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from tinypack.features.extractor import FrontEnd
from tinypack.features.protocol import Array, Arrays, Block, Chain, Step
from tinypack.features.sensor_options import MOST_SAMPLES, SensorOptions, axis_names
from tinypack.ops.protocol import Param
from tinypack.options import Duration, broken, samples

NAME = "raw"
BRIEF = "The samples themselves, of one or several axes, in windows and scaled."


class Options(SensorOptions):
    type: Literal["raw"]
    hop: Duration = Field(1, description="New samples in a frame; the model sees `frames` of these.")

    @property
    def hop_samples(self) -> int:
        return samples(self.hop, self.sample_rate)

    @model_validator(mode="after")
    def _hop(self) -> Options:
        if not 1 <= self.hop_samples <= MOST_SAMPLES:
            raise broken(f"hop is 1 to {MOST_SAMPLES} samples; here {self.hop_samples}", "check sample_rate")
        return self


@dataclass(frozen=True)
class Widen(Block):
    """Samples as features: int16 to int32."""

    length: int

    KERNEL: ClassVar[str] = "feature_widen_s16"
    BRIEF: ClassVar[str] = "samples as features"

    @property
    def inputs(self) -> tuple[Array, ...]:
        return (Array("int16_t", self.length),)

    @property
    def outputs(self) -> tuple[Array, ...]:
        return (Array("int32_t", self.length),)

    def params(self) -> tuple[tuple[str, Param], ...]:
        return (("length", self.length),)

    def apply(self, inputs: Arrays, state: Arrays) -> Arrays:
        return (inputs[0].astype("int32"),)


def front_end(options: Options) -> FrontEnd:
    """Design the computation of one hop of samples."""
    widen = Widen(options.hop_samples * options.channels)
    return FrontEnd(
        chain=Chain({"samples": widen.inputs[0]}, (Step(widen, ("samples",), ("features",)),), "features"),
        rate=options.sample_rate,
        channels=options.channels,
        frame=options.hop_samples,
        hop=options.hop_samples,
        shape=(options.channels,) if options.hop_samples == 1 else (options.hop_samples, options.channels),
        unit=options.unit,
        sample_unit=options.unit,
    )


def feature_names(options: Options) -> list[str]:
    """Name the features of a frame in order, such as "ax"; the oldest sample first."""
    axes, hop = axis_names(options.channels), options.hop_samples
    return [axis if hop == 1 else f"{axis} {i}" for i in range(hop) for axis in axes]
