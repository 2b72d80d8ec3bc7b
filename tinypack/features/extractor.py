"""What an extractor module offers, and what it makes of its options."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Protocol

from pydantic import AfterValidator, Field

from tinypack.features.protocol import Array, Chain
from tinypack.options import PresetSection, broken

Sensor = Literal["microphone", "imu", "analog", "camera", "serial"]
#: (scale, zero point, mean, std) -> the chain to a model's int8 input
Finish = Callable[[float, int, Sequence[float], Sequence[float]], Chain]
LONGEST_HOP = 32768  # samples
SMALLEST, LARGEST = 1e-30, 1e30  # so that products of a few numbers stay within float32 and float64
LOWEST_RATE, HIGHEST_RATE = 0.01, 1e6  # Hz: time is counted by rates in whole mHz


def _moderate(value: float) -> float:
    if value and not SMALLEST <= abs(value) <= LARGEST:
        raise broken(f"a number lies between {SMALLEST:g} and {LARGEST:g}, whatever its sign")
    return value


def _rate(value: float) -> float:
    if not LOWEST_RATE <= value <= HIGHEST_RATE:
        raise broken(f"a sample rate is {LOWEST_RATE:g} to {HIGHEST_RATE:,.0f} Hz")
    return value


#: Numbers in tinypack.toml that tables are computed from.
Real = Annotated[float, Field(allow_inf_nan=False), AfterValidator(_moderate)]
NotNegative = Annotated[float, Field(strict=False, ge=0, allow_inf_nan=False), AfterValidator(_moderate)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False), AfterValidator(_moderate)]
Rate = Annotated[float, Field(gt=0, allow_inf_nan=False), AfterValidator(_rate)]


@dataclass(frozen=True, eq=False)
class FrontEnd:
    """How one frame's features are computed, and how frames follow each other.

    The chain goes from "samples" [frame * channels], interleaved, to the features of the frame: int32, fixed point.
    If it ends in int8, these are quantised already, and the model takes them as they are.
    """

    chain: Chain
    rate: float  # samples a second and channel, Hz; 0: no stream, each frame is given whole
    channels: int
    frame: int  # samples of a channel that a frame sees
    hop: int  # samples of a channel from one frame to the next
    shape: tuple[int, ...]  # of a frame's features, such as (40,)
    unit: float | tuple[float, ...] = 1.0  # real value of a feature's step, such as 2^-16; one, or one a feature
    zero_point: int = 0  # of features that are int8; `unit` is their scale
    finish: Finish | None = None  # makes the int8 chain itself, where int32 features would not fit; the same bits
    sample_unit: float = 2.0**-15  # real value of a sample's step; sound is within [-1, 1)

    @property
    def samples(self) -> Array:
        return self.chain.inputs["samples"]

    @property
    def features(self) -> Array:
        return self.chain.arrays[self.chain.output]

    @property
    def quantised(self) -> bool:
        return self.features.ctype == "int8_t"


class FeatureOptions(PresetSection):
    """Keys that every extractor has."""

    SENSOR: ClassVar[Sensor] = "serial"

    type: str
    frames: int | None = Field(
        None, ge=1, le=4096, description="Frames that the model sees at once (default: as many as its input holds)."
    )
    mean: list[Real] = Field(
        [0.0],
        min_length=1,
        description="Subtracted from features: one number, one each, or one for each of the last axis (channels).",
    )
    std: list[Positive] = Field([1.0], min_length=1, description="Features are divided by this: as mean.")
    sensor: Sensor | None = Field(None, description="Where the example sketch reads samples (default: by extractor).")


class StreamOptions(FeatureOptions):
    """Keys of extractors that samples stream into."""

    sample_rate: Rate = Field(description="Samples a second, of each channel.")
    channels: int = Field(1, ge=1, le=64, description="Interleaved channels, such as axes.")


class Extractor(Protocol):
    """An extractor module.

    NAME      the value of [features] type
    BRIEF     one line for the documentation
    Options   its keys, a FeatureOptions with `type: Literal[NAME]`
    """

    NAME: str
    BRIEF: str

    @property
    def Options(self) -> type[FeatureOptions]: ...

    def front_end(self, options: Any) -> FrontEnd:
        """Design the computation. What options can't say alone is found by validators of Options."""
